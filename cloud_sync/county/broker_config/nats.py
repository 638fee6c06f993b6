"""nats-server: a user for each certificate's subject, and what it may publish and subscribe."""

from collections.abc import Iterable
from typing import Final

from cloud_sync.county.broker_config.plan import (
    COUNTY_NAME,
    DOWN_LANES,
    MOST_BYTES,
    UP_LANES,
    BrokerPlan,
)
from cloud_sync.wire.broker.topics import ROOT, SELF

FILE: Final = "nats.conf"
# The native port is for the broker's own tools; nobody has a password there.
# sync_interval: without it NATS forgets up to two minutes of what it has taken, at a power cut.
# ack_wait: an unanswered QoS 1 message is offered again after 5 s; our own time-outs are faster.
_TEXT: Final = """\
# nats-server for the county {county}: start it with  nats-server --config {folder}/{file}
# Made by `cunyi county broker-config nats`. Make it anew when stations come or go, then let the
# server read it, without a restart:  nats-server --signal reload=PID
# A station that is no longer listed here is put out at once. NATS reads no list of revoked
# certificates: a revoked station is shut out by leaving it out here.

server_name: "cunyi-{county}"
listen: "127.0.0.1:4222"  # NATS' own protocol, on this machine only
max_payload: {most_bytes}
jetstream {{
  store_dir: "{data}"
  sync_interval: always  # else a power cut costs up to two minutes
  max_memory_store: 64MB
  max_file_store: 2GB
}}
mqtt {{
  listen: "{host}:{port}"  # the only port that stations and county need
  ack_wait: "5s"
  max_ack_pending: 100
  tls {{
    ca_file: "{folder}/ca.pem"
    cert_file: "{folder}/broker.pem"
    key_file: "{folder}/broker.key"
    verify_and_map: true  # no certificate of our authority, no connection; its subject is the user
    timeout: 10
  }}
}}
{authorization}"""


def files(plan: BrokerPlan) -> dict[str, str]:
    """Names and texts of the configuration."""
    text = _TEXT.format(
        county=plan.county,
        folder=plan.folder,
        data=plan.data,
        host=f"[{plan.host}]" if ":" in plan.host else plan.host,
        port=plan.port,
        most_bytes=MOST_BYTES,
        authorization=authorization(plan),
        file=FILE,
    )
    return {FILE: text}


def authorization(plan: BrokerPlan) -> str:
    """The rights of each certificate; whoever is not listed has none."""
    county = plan.county
    users = [
        _user(
            plan,
            COUNTY_NAME,
            [*(f"{ROOT}.{county}.*.{lane}" for lane in DOWN_LANES), f"{ROOT}.{county}.{SELF}.tel"],
            [f"{ROOT}.{county}.*.{lane}" for lane in UP_LANES],
        )
    ]
    for station in plan.stations:
        mine = f"{ROOT}.{county}.{station}"
        users.append(
            _user(
                plan,
                station,
                [f"{mine}.{lane}" for lane in UP_LANES],
                [f"{mine}.{lane}" for lane in DOWN_LANES],
            )
        )
    return "authorization {\n  users: [\n" + "".join(users) + "  ]\n}\n"


def _user(plan: BrokerPlan, name: str, publish: Iterable[str], subscribe: Iterable[str]) -> str:
    return (
        f'    {{ user: "CN={name},O={plan.county}", allowed_connection_types: ["MQTT"],\n'
        f"      permissions: {{\n"
        f"        publish: {{ allow: [{_list(publish)}] }},\n"
        f"        subscribe: {{ allow: [{_list(subscribe)}] }} }} }}\n"
    )


def _list(subjects: Iterable[str]) -> str:
    return ", ".join(f'"{one}"' for one in subjects)
