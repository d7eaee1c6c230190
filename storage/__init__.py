"""The jobs, the people and the ledger on disk, behind `bot.ports.Store`."""
