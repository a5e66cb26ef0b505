import {
  type Case,
  defineCase,
  defineFormCase,
  everyRetry,
  type Observed,
  providedItPays,
  type Received,
} from "../../engine/client/index.ts";
import { Finding, NotApplicable } from "../../engine/index.ts";

/** What the paid request repeats of the first one. */
export const repeatCases: readonly Case[] = [
  defineFormCase({
    id: "client.payment.repeats-the-request",
    requirement: "C-PAY-02",
    title: "The paid request repeats method, address and headers of the first one",
    probe: (t) => t.sellsHonestly().expect(everyRetry(repeats)),
  }),
  defineCase({
    id: "client.payment.repeats-the-body",
    requirement: "C-PAY-02",
    title: "The paid request repeats the body of the first one",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({
          errand: {
            method: "POST",
            headers: { "content-type": "application/json", "x-tenant": "acme" },
            body: JSON.stringify({ city: "Zürich", days: 3 }),
          },
        })
        .expect(providedItPays, everyRetry(repeats)),
  }),
  defineCase({
    id: "client.payment.repeats-a-headers-object",
    requirement: "C-PAY-02",
    title: "The paid request repeats headers that were given as `Headers`",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({ errand: { headers: new Headers({ accept: "application/json", "x-tenant": "acme" }) } })
        .expect(providedItPays, everyRetry(repeats)),
  }),
  defineCase({
    id: "client.payment.repeats-a-request-object",
    requirement: "C-PAY-02",
    title: "The paid request repeats headers that were given in a `Request`",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({
          errand: { headers: { accept: "application/json", "x-tenant": "acme" }, asRequest: true },
        })
        .expect(takesRequestObjects, providedItPays, everyRetry(repeats)),
  }),
  defineCase({
    id: "client.payment.repeats-bytes",
    requirement: "C-PAY-02",
    title: "The paid request repeats a body that is no text",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({ errand: { method: "POST", body: new Uint8Array([255, 254, 128, 200]) } })
        .expect(providedItPays, everyRetry(repeats)),
  }),
];

/** A `fetch` of one's own need not take a `Request`. */
function takesRequestObjects({ requests }: Observed): void {
  if (requests.length === 0) throw new NotApplicable("The client takes no `Request`, only an address.");
}

/** Headers that belong to the request and not to its way over the wire. */
const ownHeaders = ["accept", "accept-language", "authorization", "content-type", "user-agent", "x-tenant"];

function repeats(retry: Received, first: Received): void {
  const told = ({ method, target, headers, body }: Received) =>
    [`${method} ${target}`, ...ownHeaders.map((name) => `${name}: ${headers[name] ?? "none"}`), body].join(
      "\n",
    );
  if (told(retry) !== told(first))
    throw new Finding("Another request is paid for.", told(first), told(retry));
}
