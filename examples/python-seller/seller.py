"""A seller of x402 v2 with Python's standard library. PORT and the sandbox's addresses come from the environment.

validate -> challenge -> decode -> match -> claim -> verify -> handle -> settle -> respond
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from x402 import ClaimBook, Refusal, Unknown, decode, encode, match, settle, verify

FACILITATOR_URL = os.environ.get("FACILITATOR_URL", "http://127.0.0.1:4022")
PORT = int(os.environ.get("PORT", "3000"))
PAY_TO = os.environ.get("PAY_TO", "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
PRICES = {"/weather": 1_000, "/report": 50_000}  # atomic units: a million are one USDC

claims = ClaimBook()


def goods(path, query):
    """The paid work."""
    if path == "/report":
        return {"insight": "Umbrellas sell best on the day before the rain."}
    return {"city": query["city"], "sky": "cloudy", "temperatureCelsius": 12}


def complaint(path, query):
    """What is wrong with a request: told before anybody pays."""
    return "city is missing" if path == "/weather" and not query.get("city") else None


def requirements(path):
    """How to pay: an entry of `accepts`."""
    return {
        "scheme": "exact",
        "network": "eip155:84532",
        "amount": str(PRICES[path]),
        "asset": "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
        "payTo": PAY_TO,
        "maxTimeoutSeconds": 300,
        "extra": {"name": "USDC", "version": "2"},
    }


def challenge(path, url, error="Payment required", status=402):
    terms = {"x402Version": 2, "error": error, "resource": {"url": url}, "accepts": [requirements(path)]}
    headers = {"PAYMENT-REQUIRED": encode(terms), "Cache-Control": "no-store"}
    return status, {} if status == 402 else {"error": error}, headers


def sell(path, query, url, headers):
    """The answer to a request for something that is paid for: status, body, headers."""
    wrong = complaint(path, query)
    if wrong:
        return 400, {"error": wrong}, {}
    if not headers:
        return challenge(path, url)
    terms = requirements(path)
    try:
        payment, authorization = decode(headers)
        match(payment, authorization, terms, url)
        key = authorization["from"].lower(), authorization["nonce"].lower()
        purchase = url, json.dumps(payment["payload"], sort_keys=True)
        bought = claims.claim(key, purchase)
    except Refusal as refusal:
        return challenge(path, url, refusal.reason, refusal.status)
    if bought is not None:
        return hand_over(bought, key, purchase, payment, terms)
    try:
        verify(FACILITATOR_URL, payment, terms)
        bought = goods(path, query)
    except Refusal as refusal:
        claims.release(key)
        return challenge(path, url, refusal.reason)
    except Unknown as why:
        claims.release(key)
        print(why, flush=True)
        return 502, {"error": "the payment could not be verified"}, {"Cache-Control": "no-store"}
    except Exception:
        claims.release(key)
        raise
    return hand_over(bought, key, purchase, payment, terms)


def hand_over(bought, key, purchase, payment, terms):
    """Settles, and hands over what was bought. While nobody knows whether it was settled, that is kept for who sends the same payment."""
    try:
        receipt = settle(FACILITATOR_URL, payment, terms)
    except Unknown as why:
        claims.keep(key, purchase, bought)
        print(why, flush=True)
        again = "it is not known whether the payment was settled: send the same payment again"
        return 502, {"error": again}, {"Cache-Control": "no-store"}
    if receipt["success"]:
        return 200, bought, {"PAYMENT-RESPONSE": encode(receipt), "Cache-Control": "private, no-store"}
    if receipt["errorReason"] == "settlement_pending":
        claims.keep(key, purchase, bought)
    else:
        claims.release(key)
    return 402, {}, {"PAYMENT-RESPONSE": encode(receipt), "Cache-Control": "no-store"}


class Shop(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.answer(*self.found(self.headers.get_all("PAYMENT-SIGNATURE", [])))

    def do_HEAD(self):
        """What a GET without a payment is answered with, without its body: nothing is sold by it."""
        self.answer(*self.found([]))

    def found(self, payments):
        target = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(target.query).items()}
        if target.path == "/health":
            return 200, {"status": "ok"}, {}
        if target.path not in PRICES or target.netloc:
            return 404, {"error": "there is nothing here"}, {}
        url = f"http://{self.headers.get('Host', f'127.0.0.1:{PORT}')}{self.path}"
        try:
            return sell(target.path, query, url, payments)
        except Exception as error:
            print(repr(error), flush=True)
            return 500, {"error": "internal error"}, {"Cache-Control": "no-store"}

    def answer(self, status, body, headers):
        content = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


if __name__ == "__main__":
    print(f"selling at http://127.0.0.1:{PORT}", flush=True)
    Server(("127.0.0.1", PORT), Shop).serve_forever()
