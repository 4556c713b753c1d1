"""Snapshots of the client. `pytest tests/test_screen.py --tui-snapshot-update` takes them anew."""


def test_the_agent_recalls_a_trip(tui_snapshot):
    tui_snapshot("recalled", size=(100, 30))


def test_a_conversation_of_our_own(tui_snapshot):
    async def asks_for_trains(scene):
        await scene.user.sees("enter send")
        await scene.user.say("Are there night trains to Oslo?")
        await scene.user.sees("Gothenburg")

    tui_snapshot(
        asks_for_trains,
        answers=["Not at the moment. Take the day train and stay in **Gothenburg**."],
        size=(80, 24),
        form="text",
    )
