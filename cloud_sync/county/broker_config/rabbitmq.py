"""RabbitMQ with its MQTT plugin: users without passwords, named by their certificates."""

import json
import re
from typing import Any, Final

from cloud_sync.county.broker_config.plan import (
    COUNTY_NAME,
    DOWN_LANES,
    MOST_BYTES,
    UP_LANES,
    BrokerPlan,
)
from cloud_sync.wire.broker.topics import ROOT, SELF

FILE: Final = "rabbitmq.conf"
DEFINITIONS: Final = "definitions.json"
PLUGINS: Final = "enabled_plugins"
ENVIRONMENT: Final = "rabbitmq-env.conf"
_VHOST: Final = "/"
_EXCHANGE: Final = "amq.topic"
_TEXT: Final = """\
# RabbitMQ for the county {county}: put this folder's files into {folder} (on Debian that is
# /etc/rabbitmq, readable for the user rabbitmq), then restart it.
# Made by `cunyi county broker-config rabbitmq`. Make it anew when stations come, and let it take
# them in without a restart:  rabbitmqctl import_definitions {folder}/{definitions}
# A station that has gone or is revoked must be deleted: rabbitmqctl delete_user STATION.
# Its MQTT plugin reads no list of revoked certificates by itself.

# No AMQP at all, no MQTT in clear: the only listener asks for a certificate of our authority.
listeners.tcp = none
listeners.ssl = none
mqtt.listeners.tcp = none
mqtt.listeners.ssl.default = {host}:{port}
ssl_options.cacertfile = {folder}/ca.pem
ssl_options.certfile = {folder}/broker.pem
ssl_options.keyfile = {folder}/broker.key
ssl_options.verify = verify_peer
ssl_options.fail_if_no_peer_cert = true
ssl_options.versions.1 = tlsv1.3
ssl_options.versions.2 = tlsv1.2

# The name in the certificate is the user; nobody has a password.
mqtt.allow_anonymous = false
mqtt.ssl_cert_login = true
ssl_cert_login_from = common_name

mqtt.vhost = {vhost}
mqtt.exchange = {exchange}
mqtt.prefetch = 20
max_message_size = {most_bytes}
load_definitions = {folder}/{definitions}
"""
# What nodes of one cluster say to each other has no certificate: it stays on this machine.
_ENVIRONMENT: Final = """\
# Read by RabbitMQ's scripts at start. The ports of clustering (25672, 4369) stay on this machine.
ERL_EPMD_ADDRESS=127.0.0.1
export ERL_EPMD_ADDRESS
RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}"
"""


def files(plan: BrokerPlan) -> dict[str, str]:
    """Names and texts of the configuration."""
    text = _TEXT.format(
        county=plan.county,
        folder=plan.folder,
        host=f"[{plan.host}]" if ":" in plan.host else plan.host,
        port=plan.port,
        most_bytes=MOST_BYTES,
        vhost=_VHOST,
        exchange=_EXCHANGE,
        definitions=DEFINITIONS,
    )
    return {
        FILE: text,
        DEFINITIONS: json.dumps(_definitions(plan), indent=1) + "\n",
        PLUGINS: "[rabbitmq_mqtt,rabbitmq_auth_mechanism_ssl].\n",
        ENVIRONMENT: _ENVIRONMENT,
    }


def _definitions(plan: BrokerPlan) -> dict[str, Any]:
    names: list[str] = [COUNTY_NAME, *plan.stations]
    county = f"cunyi-county-{plan.county}(-[0-9]+)?"
    clients = {one: f"cunyi-{plan.county}-{one}" for one in names} | {COUNTY_NAME: county}
    return {
        "vhosts": [{"name": _VHOST}],
        "users": [
            {
                "name": name,
                "password_hash": "",
                "hashing_algorithm": "rabbit_password_hashing_sha256",
                "tags": [],
            }
            for name in names
        ],
        "permissions": [_permission(name, clients[name]) for name in names],
        "topic_permissions": [_topic_permission(plan, name) for name in names],
        # A client that is connected and does not read: the oldest go, and are sent again.
        "policies": [
            {
                "vhost": _VHOST,
                "name": "bounded",
                "pattern": "^mqtt-subscription-",
                "apply-to": "queues",
                "priority": 1,
                "definition": {
                    "max-length": 10_000,
                    "max-length-bytes": 16_777_216,
                    "overflow": "drop-head",
                },
            }
        ],
    }


def _permission(name: str, client: str) -> dict[str, str]:
    """A queue of its own, named by the client's id, and the exchange of all MQTT."""
    queue = f"mqtt-subscription-{client}qos[01]"
    both = f"^({re.escape(_EXCHANGE)}|{queue})$"
    return {
        "user": name,
        "vhost": _VHOST,
        "configure": f"^{queue}$",
        "write": both,
        "read": both,
    }


def _topic_permission(plan: BrokerPlan, name: str) -> dict[str, str]:
    """RabbitMQ has dots where MQTT has slashes, and a star for every plus."""
    whose = "[^.]+" if name == COUNTY_NAME else "{username}"
    root = rf"{ROOT}\.{plan.county}"
    up = rf"^{root}\.{whose}\.({'|'.join(UP_LANES)})$"
    down = rf"{root}\.{whose}\.({'|'.join(DOWN_LANES)})"
    echo = rf"{root}\.{SELF}\.tel"
    write, read = (f"^({down}|{echo})$", up) if name == COUNTY_NAME else (up, f"^{down}$")
    return {"user": name, "vhost": _VHOST, "exchange": _EXCHANGE, "write": write, "read": read}
