"""Menus, forms and layouts of the real discord.py."""

from collections.abc import AsyncIterator
from pathlib import Path

import discord
import pytest
from discord import ui

from tests.discord_api.bot import Bot, Interaction, running
from tests.discord_api.people import Channel, Member
from tests.discord_api.server import DiscordServer

MP4 = b"\x00\x00\x00\x18ftypmp42film"


class Menu(ui.Select[ui.View]):
    def __init__(self) -> None:
        super().__init__(custom_id="ratio", options=[discord.SelectOption(label=ratio) for ratio in ("1:1", "9:16")])

    async def callback(self, interaction: Interaction) -> None:
        await interaction.response.send_message(self.values[0])


class Survey(ui.Modal, title="Survey"):
    ratio = ui.Label(
        text="Ratio",
        component=ui.Select(custom_id="ratio", options=[discord.SelectOption(label=r) for r in ("1:1", "9:16")]),  # type: ignore[var-annotated]
    )
    sound = ui.Label(text="Sound", component=ui.Checkbox(custom_id="sound", default=True))  # type: ignore[var-annotated]

    async def on_submit(self, interaction: Interaction) -> None:
        assert isinstance(self.ratio.component, ui.Select)
        assert isinstance(self.sound.component, ui.Checkbox)
        await interaction.response.send_message(f"{self.ratio.component.values} {self.sound.component.value}")


class Form(ui.Modal, title="Retry"):
    prompt = ui.Label(
        text="Prompt",
        component=ui.TextInput(custom_id="prompt", max_length=100, style=discord.TextStyle.paragraph),  # type: ignore[var-annotated]
    )
    seed: ui.TextInput["Form"] = ui.TextInput(label="Seed", custom_id="seed", required=False)

    async def on_submit(self, interaction: Interaction) -> None:
        assert isinstance(self.prompt.component, ui.TextInput)
        await interaction.response.send_message(f"{self.prompt.component.value}/{self.seed.value}", ephemeral=True)


def layout() -> ui.LayoutView:
    gallery = ui.MediaGallery[ui.LayoutView](discord.MediaGalleryItem("attachment://film.mp4"))
    file = ui.File[ui.LayoutView]("attachment://film.mp4")
    button = ui.Button[ui.LayoutView](label="Cancel", custom_id="cancel:7")
    section = ui.Section[ui.LayoutView](ui.TextDisplay("A cat"), accessory=button)
    return ui.LayoutView(timeout=None).add_item(ui.Container(section, gallery, ui.Separator(), file))


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(MP4)
    return path


@pytest.fixture
async def bot(server: DiscordServer, film: Path) -> AsyncIterator[Bot]:
    made = Bot()

    @made.tree.command(description="Ask")
    async def ask(interaction: Interaction) -> None:
        await interaction.response.send_modal(Form())

    @made.tree.command(description="Choose")
    async def choose(interaction: Interaction) -> None:
        await interaction.response.send_message("Choose", view=ui.View(timeout=None).add_item(Menu()))

    @made.tree.command(description="Answer")
    async def survey(interaction: Interaction) -> None:
        await interaction.response.send_modal(Survey())

    @made.tree.command(description="Show")
    async def show(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.edit_original_response(view=layout(), attachments=[discord.File(film, "film.mp4")])

    async with running(server, made):
        yield made


async def test_a_modal_is_filled_in(server: DiscordServer, bot: Bot, ann: Member, channel: Channel) -> None:
    assert bot.tree.get_command("ask") is not None
    asked = await server.commands(ann, channel, "ask")
    modal = await server.until(lambda: asked.modal)
    assert modal.title == "Retry"
    with pytest.raises(AssertionError, match="prompt is required"):
        await server.submits(ann, modal, seed="4")
    with pytest.raises(AssertionError, match="too long"):
        await server.submits(ann, modal, prompt="x" * 101)
    with pytest.raises(AssertionError, match="asks for"):
        await server.submits(ann, modal, prompt="x", colour="red")
    submitted = await server.submits(ann, modal, prompt="a dog")
    await server.until(lambda: submitted.original)
    [shown] = server.messages(channel)
    assert (shown.text, shown.only_for) == ("a dog/", ann)


@pytest.mark.usefixtures("bot")
async def test_a_menu_is_chosen_from(server: DiscordServer, ann: Member, channel: Channel) -> None:
    asked = await server.commands(ann, channel, "choose")
    await server.until(lambda: asked.is_acknowledged)
    [message] = server.messages(channel)
    with pytest.raises(AssertionError, match="offers"):
        await server.selects(ann, message, "ratio", "2:1")
    chosen = await server.selects(ann, message, "ratio", "9:16")
    await server.until(lambda: chosen.original)
    assert [shown.text for shown in server.messages(channel)] == ["Choose", "9:16"]


@pytest.mark.usefixtures("bot")
async def test_a_modal_has_more_than_words_to_fill_in(server: DiscordServer, ann: Member, channel: Channel) -> None:
    asked = await server.commands(ann, channel, "survey")
    modal = await server.until(lambda: asked.modal)
    with pytest.raises(AssertionError, match="offers"):
        await server.submits(ann, modal, ratio=["2:1"])
    submitted = await server.submits(ann, modal, ratio=["9:16"])
    message = await server.until(lambda: submitted.original)
    assert message.text == "['9:16'] True"


@pytest.mark.usefixtures("bot")
async def test_a_deferral_becomes_a_layout(server: DiscordServer, ann: Member, channel: Channel) -> None:
    asked = await server.commands(ann, channel, "show")
    await server.until(lambda: asked.original and asked.original.attachments)
    [message] = server.messages(channel)
    assert (message.text, message.is_ephemeral, message.now.flags) == ("A cat", True, 1 << 15 | 64)


async def test_a_layout_of_components_shows_a_film(
    server: DiscordServer, bot: Bot, channel: Channel, film: Path
) -> None:
    sent = await bot.get_partial_messageable(channel.id).send(view=layout(), file=discord.File(film, "film.mp4"))
    [message] = server.messages(channel)
    assert (message.text, message.content, message.button("Cancel").data) == ("A cat", "", "cancel:7")
    container = sent.components[0]
    assert isinstance(container, discord.Container)
    section, shown, *_ = container.children
    assert isinstance(section, discord.SectionComponent)
    assert isinstance(shown, discord.MediaGalleryComponent)
    assert await bot.http.get_from_cdn(shown.items[0].media.url) == MP4
