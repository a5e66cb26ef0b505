import {
  type Case,
  defineCase,
  defineFormCase,
  everyRetry,
  providedItPays,
  type Received,
} from "../../engine/client/index.ts";
import { Finding } from "../../engine/index.ts";

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
