"""Watch every session that a link shows: python watch.py "http://127.0.0.1:8765/#t=TOKEN"."""

import json
import sys

from websockets.sync.client import connect

page, token = sys.argv[1].replace("http", "ws", 1).split("#t=")
address = f"{page.rsplit('/', 1)[0]}/ws"
with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as feed:
    for message in map(json.loads, feed):
        print(message["type"], message.get("session", ""), message.get("patch", ""), flush=True)
