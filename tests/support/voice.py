"""A plain MQTT client that is neither station nor county."""

from threading import Event
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 20.0


def say_once(port: int, topic: str, payload: bytes, *, retain: bool = False) -> None:
    """Connect in clear, publish at QoS 1, wait for the receipt, leave."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="somebody")
    here = Event()

    def connected(*_rest: Any) -> None:
        here.set()

    client.on_connect = connected
    client.connect("127.0.0.1", port)
    client.loop_start()
    try:
        assert here.wait(PATIENCE_S)
        client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)
    finally:
        client.disconnect()
        client.loop_stop()
