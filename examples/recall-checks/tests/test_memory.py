"""What a recall file cannot say: tests in Python, with the agent of the run and with boto3."""

import boto3


def test_one_user_does_not_know_of_another(travel_agent):
    anna = travel_agent.session("anna")
    anna.ask("Hi, my name is Anna. I live in Oslo.")
    anna.end()
    assert any("Oslo" in record.text for record in travel_agent.wait_memory("anna"))
    assert "Oslo" not in travel_agent.session("bert").ask("Where do I live?").text


def test_a_booking_calls_the_function_once(travel_agent):
    answer = travel_agent.session().ask("Book a train from Boston to NYC, July 11th 2031 to July 22nd 2031.")
    assert [call.function for call in answer.calls] == ["book_trip"]


def test_boto3_calls_the_local_endpoint(travel_endpoint):
    client = boto3.client("bedrock-agent")
    assert client.get_agent(agentId="TRAVELDEMO")["agent"]["agentStatus"] == "PREPARED"


def test_the_trip_is_known(recall):
    (first, second) = recall("../checks/trip.yaml", only="knows_the_trip")
    assert first.sessions[0].session_id != second.sessions[0].session_id
