import { isUtf8 } from "node:buffer";
import { clientSteps } from "#sandbox";
import { type ClientMutant, replacing, withSteps } from "../mutant.ts";

/** Clients that pay for another request than the one they were told to send. */
export const repeatingMutants: readonly ClientMutant[] = [
  {
    id: "forgets-the-query",
    breaks: "Pays for the address without its query.",
    caughtBy: [
      "client.payment.repeats-the-request",
      "client.payment.repeats-the-body",
      "client.payment.repeats-a-headers-object",
      "client.payment.repeats-a-request-object",
      "client.payment.repeats-bytes",
      "client.v1.payment-repeats-the-request",
      "client.v1.payment-repeats-the-body",
      "client.v1.payment-repeats-a-headers-object",
      "client.v1.payment-repeats-a-request-object",
    ],
    build: replacing("present", (original, reached) => (request, ...rest) => {
      reached();
      return original({ ...request, url: request.url.split("?", 1).join() }, ...rest);
    }),
  },
  {
    id: "forgets-the-body",
    breaks: "Sends the paid request without its body.",
    caughtBy: [
      "client.payment.repeats-the-body",
      "client.payment.repeats-bytes",
      "client.v1.payment-repeats-the-body",
    ],
    build: replacing("present", (original, reached) => (request, ...rest) => {
      if (request.body === undefined) return original(request, ...rest);
      reached();
      return original({ ...request, body: undefined }, ...rest);
    }),
  },
  {
    id: "copies-plain-headers-only",
    breaks: "Copies the caller's headers into the paid request as if they were a plain object.",
    caughtBy: ["client.payment.repeats-a-headers-object", "client.v1.payment-repeats-a-headers-object"],
    build: withSteps((reached) => {
      let isPlain = true;
      return {
        encode: (toPay) => {
          isPlain = typeof toPay === "string" || !("headers" in toPay && toPay.headers instanceof Headers);
          return clientSteps.encode(toPay);
        },
        present: (request, ...rest) => {
          if (isPlain) return clientSteps.present(request, ...rest);
          reached();
          return clientSteps.present({ ...request, headers: {} }, ...rest);
        },
      };
    }),
  },
  {
    id: "forgets-what-a-request-said",
    breaks: "Pays with the address of a `Request` alone, without the headers that it had.",
    caughtBy: ["client.payment.repeats-a-request-object", "client.v1.payment-repeats-a-request-object"],
    build: withSteps((reached) => {
      let isObject = false;
      return {
        encode: (toPay) => {
          isObject = typeof toPay === "object" && "url" in toPay && toPay.url instanceof Request;
          return clientSteps.encode(toPay);
        },
        present: (request, ...rest) => {
          if (!isObject) return clientSteps.present(request, ...rest);
          reached();
          return clientSteps.present({ ...request, headers: {} }, ...rest);
        },
      };
    }),
  },
  {
    id: "takes-bodies-for-text",
    breaks: "Sends the body of the paid request as text, whatever it is.",
    caughtBy: ["client.payment.repeats-bytes"],
    build: replacing("present", (original, reached) => (request, ...rest) => {
      if (request.body === undefined || isUtf8(request.body)) return original(request, ...rest);
      reached();
      const text = new TextDecoder().decode(request.body);
      const body = new TextEncoder().encode(text).buffer;
      return original({ ...request, body }, ...rest);
    }),
  },
];
