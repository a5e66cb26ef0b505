import { describe, expect, test } from "vitest";
import { redactor } from "./redact.ts";

const key = `0x${"ac0974bec39a17e3".repeat(4)}`;
const signature = `0x${"5f".repeat(64)}1b`;
const redact = redactor({ keys: [key], values: ["s3cr3t value of mine", "hunter2"] });

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64");

describe("what is taken out", () => {
  test.for([
    ["a key", `the key is ${key}.`, "the key is (redacted)."],
    ["a key without 0x, in capitals", key.slice(2).toUpperCase(), "(redacted)"],
    [
      "the beginning of a key that was cut off",
      `${key.slice(0, 30)}… (900 characters)`,
      "(redacted)… (900 characters)",
    ],
    ["a value", "x-shop: s3cr3t value of mine", "x-shop: (redacted)"],
    ["a value in a URL", "/weather?t=s3cr3t%20value%20of%20mine", "/weather?t=(redacted)"],
    [
      "the beginning of a value that was cut off",
      "x-shop: s3cr3t value o… (900 characters)",
      "x-shop: (redacted)… (900 characters)",
    ],
    ["a short value, twice", "hunter2 hunter2", "(redacted) (redacted)"],
    ["what is called a key", `PAYER_PRIVATE_KEY=0x1234 PORT=1`, "PAYER_PRIVATE_KEY=(redacted) PORT=1"],
    ["what is called a password", `{"password": "open, sesame"}`, `{"password": (redacted)}`],
    [
      "what is called a key, in JSON in JSON",
      String.raw`{\"apiKey\":\"abc\"}`,
      String.raw`{\"apiKey\":(redacted)}`,
    ],
    [
      "a bearer token",
      "curl -H 'authorization: Bearer abcdefgh12'",
      "curl -H 'authorization: Bearer (redacted)'",
    ],
    ["credentials in a URL", "http://me:pass@127.0.0.1/", "http://(redacted)@127.0.0.1/"],
    ["a PIN in a URL", "http://me:1234@127.0.0.1/", "http://(redacted)@127.0.0.1/"],
    [
      "a password after what looks like a server",
      "http://127.0.0.1:12345x@shop.example/",
      "http://(redacted)@shop.example/",
    ],
    [
      "a signature but for its beginning",
      `"signature":"${signature}"`,
      `"signature":"0x5f5f5f5f… (65 bytes)"`,
    ],
    ["half of a signature", `"s":"0x${"7".repeat(64)}"`, `"s":"(redacted)"`],
    ["a token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "(redacted)"],
  ])("%s", ([, text, expected]) => {
    expect(redact(text ?? "")).toBe(expected);
  });

  test("a signature in base64, which stays base64", () => {
    const header = base64({ x402Version: 2, payload: { signature, authorization: { value: "1000" } } });
    const clean = redact(`payment-signature: ${header}`).replace("payment-signature: ", "");
    expect(JSON.parse(Buffer.from(clean, "base64").toString())).toEqual({
      x402Version: 2,
      payload: { signature: "0x5f5f5f5f… (65 bytes)", authorization: { value: "1000" } },
    });
  });
});

describe("what stays", () => {
  test.for([
    ["an address", "0x036CbD53842c5426634e7929541eC2318f3dCF7e"],
    ["the name of a variable", "--header 'x-api-key: $API_KEY'"],
    ["a transaction", `0x${"12".repeat(32)}`],
    ["amounts and times", '{"amount":"1000","validBefore":"1795274752"}'],
    ["words", "The payer was charged more than once: 2 transfers on chain"],
    ["the token's address", '"asset":"0x036CbD53842c5426634e7929541eC2318f3dCF7e"'],
    ["a server where an account could be", "uri http://127.0.0.1:4021@other.example/"],
    [
      "a challenge in base64",
      base64({ accepts: [{ scheme: "exact", network: "eip155:84532", amount: "1000" }] }),
    ],
  ])("%s", ([, text = ""]) => {
    expect(redact(text)).toBe(text);
  });
});
