"""The broker aMQTT (0.12) with Jeton for its clients, by aMQTT's own plugins for HTTP.

    pip install amqtt aiohttp sqlalchemy
    python broker.py

An MQTT client connects with the id of its token as its user name and the token as its password.
A viewer may subscribe and read, an editor publish as well, on any topic of the broker.

A program and not a YAML file, because aMQTT 0.12 takes the method POST from a program only. Read by
nobody but the broker (chmod 600): it holds the broker's own token.
"""

import asyncio

from amqtt.broker import Broker
from amqtt.contrib.http import ParamsMode, RequestMethod, ResponseMode

# What stands before the @ is sent as Basic authentication (RFC 7617): any name, then the broker's
# own token, a project token with the role viewer.
JETON = {
    "host": "broker:THE_TOKEN_OF_THE_BROKER@127.0.0.1",
    "port": 8080,
    "request_method": RequestMethod.POST,
    "params_mode": ParamsMode.JSON,
    "response_mode": ResponseMode.STATUS,
}
PATH = "/v1/projects/my-project-a1b2c/brokers/broker-1/go-auth"
CONFIG = {
    "listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:1883"}},
    "plugins": {
        "amqtt.contrib.http.UserAuthHttpPlugin": {**JETON, "user_uri": f"{PATH}/user"},
        "amqtt.contrib.http.TopicAuthHttpPlugin": {**JETON, "topic_uri": f"{PATH}/acl"},
    },
}


async def main() -> None:
    """Serve until the process is interrupted."""
    broker = Broker(CONFIG)
    await broker.start()
    try:
        await asyncio.Event().wait()
    finally:
        await broker.shutdown()


if __name__ == "__main__":
    asyncio.run(main())
