"""x402 v2 on the wire: what a seller reads from a buyer, remembers of it, and asks its facilitator."""

import base64
import json
import re
import time
from http.client import HTTPException
from threading import Lock
from urllib.error import HTTPError
from urllib.request import Request, urlopen

# Seconds: how long a settlement may take, and what must be left of an authorization for it.
SETTLEMENT = 60
MARGIN = 6

SHAPES = {
    "from": re.compile(r"0x[0-9a-fA-F]{40}"),
    "to": re.compile(r"0x[0-9a-fA-F]{40}"),
    "nonce": re.compile(r"0x[0-9a-fA-F]{64}"),
    "value": re.compile(r"0|[1-9][0-9]{0,77}"),
    "validAfter": re.compile(r"0|[1-9][0-9]{0,77}"),
    "validBefore": re.compile(r"0|[1-9][0-9]{0,77}"),
}


class Refusal(Exception):
    """The payment buys nothing: 400 where it cannot be read, 402 where it does not pay."""

    def __init__(self, reason, status=402):
        super().__init__(reason)
        self.reason, self.status = reason, status


class Unknown(Exception):
    """The facilitator gave no answer that says what became of the payment."""


def encode(message):
    """Standard base64, with padding and without line breaks."""
    return base64.b64encode(json.dumps(message).encode()).decode()


def decode(headers):
    """The payment and its authorization, whole: every field is there and has its form."""
    if len(headers) != 1:
        raise Refusal("one payment per request", 400)
    try:
        payment = json.loads(base64.b64decode(headers[0] + "=" * (-len(headers[0]) % 4), validate=True))
        authorization = payment["payload"]["authorization"]
        is_whole = all(shape.fullmatch(authorization[field]) for field, shape in SHAPES.items())
        if not is_whole or payment["x402Version"] != 2 or not isinstance(payment["payload"]["signature"], str):
            raise ValueError
        return payment, authorization
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refusal("the payment is not base64 of a payment of x402 v2", 400) from None


def match(payment, authorization, terms, url):
    """What the facilitator cannot know: that the payment is for these terms, and for this resource."""
    accepted, resource = payment.get("accepted"), payment.get("resource")
    extra = accepted.get("extra") if isinstance(accepted, dict) else None
    if not isinstance(extra, dict) or {**accepted, "extra": terms["extra"]} != terms:
        raise Refusal("the payment is for other terms")
    if any(extra.get(key) != value for key, value in terms["extra"].items()):
        raise Refusal("the payment is for another token")
    if extra.get("assetTransferMethod", "eip3009") != "eip3009" or extra.get("paymentFlow", "authorization") != "authorization":
        raise Refusal("the payment is made in another way")
    if resource is not None and (not isinstance(resource, dict) or resource.get("url") != url):
        raise Refusal("the payment is for another resource")
    if authorization["to"].lower() != terms["payTo"].lower() or authorization["value"] != terms["amount"]:
        raise Refusal("the authorization pays something else")
    if int(authorization["validBefore"]) < time.time() + MARGIN:
        raise Refusal("the authorization has expired, or ends in a moment")


class ClaimBook:
    """Which authorizations are in use or spent, and what those bought whose settlement is open.

    In memory: a seller of several processes, or one that restarts, needs a database with one lock for all of them.
    """

    def __init__(self):
        self._lock, self._open = Lock(), {}

    def claim(self, key, purchase):
        """What the same purchase brought before, if its settlement is open; else nothing. Refuses what is in use or spent."""
        with self._lock:
            kept, bought = self._open.get(key, (purchase, None))
            if key in self._open and (kept != purchase or bought is None):
                raise Refusal("the payment is used already")
            self._open[key] = purchase, None
            return bought

    def release(self, key):
        """The authorization is unspent."""
        with self._lock:
            del self._open[key]

    def keep(self, key, purchase, bought):
        """Nobody knows yet whether it is spent: the same purchase may come again for what it bought."""
        with self._lock:
            self._open[key] = purchase, bought


def ask(facilitator, endpoint, payment, terms):
    """The facilitator's answer, an object."""
    body = {"x402Version": 2, "paymentPayload": payment, "paymentRequirements": terms}
    request = Request(facilitator + endpoint, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=SETTLEMENT) as response:
            answer = json.load(response)
    except HTTPError as error:
        answer = refusal_in(error)
    except (OSError, HTTPException, ValueError) as error:
        raise Unknown(f"{endpoint}: {error}") from None
    if not isinstance(answer, dict):
        raise Unknown(f"{endpoint} answered with no object")
    return answer


def refusal_in(error):
    """Some facilitators refuse with 4xx; 5xx says nothing of the payment."""
    try:
        return json.load(error) if error.code < 500 else None
    except ValueError:
        return None


def verify(facilitator, payment, terms):
    """Raises Refusal with the facilitator's reason when the payment could not be settled."""
    verdict = ask(facilitator, "/verify", payment, terms)
    if verdict.get("isValid") is False:
        raise Refusal(verdict.get("invalidReason", "the facilitator calls the payment invalid"))
    if verdict.get("isValid") is not True:
        raise Unknown("/verify gave no verdict")


def settle(facilitator, payment, terms):
    """The receipt. Of a settlement that is pending, asks once more: a facilitator settles a payment once."""
    settlement = ask(facilitator, "/settle", payment, terms)
    if settlement.get("errorReason") == "settlement_pending":
        settlement = ask(facilitator, "/settle", payment, terms)
    known = {key: settlement[key] for key in ("transaction", "errorReason") if isinstance(settlement.get(key), str)}
    receipt = {"transaction": "", **known, "network": terms["network"], "payer": payment["payload"]["authorization"]["from"]}
    if settlement.get("success") is True and receipt["transaction"] and settlement.get("network") == terms["network"]:
        return {**receipt, "success": True}
    if settlement.get("success") is False:
        return {"errorReason": "unexpected_settle_error", **receipt, "success": False}
    raise Unknown("/settle did not say whether it settled")
