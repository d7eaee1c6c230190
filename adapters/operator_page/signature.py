"""What is done on the page is signed by whoever signed in, as one operator: the token is theirs together."""

from bot.job import Identity

OPERATOR = Identity(platform="page", user="operator", name="Operator page")
