"""mosquitto: the name in the certificate is the user; patterns, so that no station is listed."""

from typing import Final

from cloud_sync.county.broker_config.plan import (
    COUNTY_NAME,
    DOWN_LANES,
    MOST_BYTES,
    UP_LANES,
    BrokerPlan,
)
from cloud_sync.wire.broker.topics import ROOT, SELF

FILE: Final = "mosquitto.conf"
ACL_FILE: Final = "acl"
_TEXT: Final = """\
# mosquitto for the county {county}: put this folder's files into {folder} and start
#   mosquitto --config-file {folder}/{file}
# or include it from /etc/mosquitto/conf.d; then {folder} must be readable for the user mosquitto.
# Made by `cunyi county broker-config mosquitto`. Stations are not listed here: the authority
# decides who has a certificate, and the list of revoked ones who has lost it.
# After a new crl.pem, ca.pem or acl: kill -HUP its process reads them (connections stay; a
# revoked station is out at its next connection).

per_listener_settings false
allow_anonymous false
acl_file {folder}/{acl}

# The only listener. A second one in clear, even on 127.0.0.1, would need an acl of its own.
listener {port} {host}
cafile {folder}/ca.pem
certfile {folder}/broker.pem
keyfile {folder}/broker.key
crlfile {folder}/crl.pem
require_certificate true
use_identity_as_username true
{one_each}tls_version tlsv1.2

# Nothing of ours needs what a broker keeps: stations and county send again until the other end
# has answered. So it keeps nothing, and no card or disk is worn. (With `persistence true`,
# mosquitto saves every 1800 s by default and forgets what came since, at a power cut.)
persistence false

# Bounds for a client that is connected and does not read. What goes beyond is dropped, and sent
# again by whoever said it. The default of 1000 messages is little for a county's worker after a
# long outage.
max_inflight_messages 20
max_queued_messages 10000
max_queued_bytes 16777216
max_packet_size {most_bytes}
max_keepalive 120
"""
_ONE_EACH: Final = """\
# A connection is known by its certificate, whatever it calls itself: nobody pushes another out.
use_username_as_clientid true
"""
_SEVERAL: Final = """\
# The county's {workers} connections show one certificate and have names of their own. So a station
# that was broken into can push another's connection out, though not read or forge anything.
use_username_as_clientid false
"""
_ACL: Final = """\
# Who may read and write what. %u is the name in the certificate: a station's id.
# mosquitto grants any subscription, also to #, and then delivers only what is allowed here.

user {county_name}
{of_county}
# Every station, on its own topics and no others.
{of_stations}"""


def files(plan: BrokerPlan) -> dict[str, str]:
    """Names and texts of the configuration."""
    text = _TEXT.format(
        county=plan.county,
        folder=plan.folder,
        host=plan.host,
        port=plan.port,
        most_bytes=MOST_BYTES,
        file=FILE,
        acl=ACL_FILE,
        one_each=_ONE_EACH if plan.workers == 1 else _SEVERAL.format(workers=plan.workers),
    )
    root = f"{ROOT}/{plan.county}"
    of_county = [
        *(f"topic read {root}/+/{lane}\n" for lane in UP_LANES),
        *(f"topic write {root}/+/{lane}\n" for lane in DOWN_LANES),
        f"topic write {root}/{SELF}/tel\n",
    ]
    of_stations = [
        *(f"pattern write {root}/%u/{lane}\n" for lane in UP_LANES),
        *(f"pattern read {root}/%u/{lane}\n" for lane in DOWN_LANES),
    ]
    acl = _ACL.format(
        county_name=COUNTY_NAME, of_county="".join(of_county), of_stations="".join(of_stations)
    )
    return {FILE: text, ACL_FILE: acl}
