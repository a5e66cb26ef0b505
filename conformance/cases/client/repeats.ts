import {
  type Case,
  type Check,
  defineCase,
  defineFormCase,
  everyRetry,
  type Observed,
  providedItPays,
  type RequestText,
} from "../../engine/client/index.ts";
import { Finding, NotApplicable } from "../../engine/index.ts";

/** What the paid request repeats of the first one. */
export const repeatCases: readonly Case[] = [
  defineFormCase({
    id: "client.payment.repeats-the-request",
    requirement: "C-PAY-02",
    title: "The paid request repeats method, address and headers of the first one",
    probe: (t) => t.sellsHonestly().expect(...repeatsWhatItWasTold),
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
        .expect(providedItPays, ...repeatsWhatItWasTold),
  }),
  defineCase({
    id: "client.payment.repeats-a-headers-object",
    requirement: "C-PAY-02",
    title: "The paid request repeats headers that were given as `Headers`",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({ errand: { headers: new Headers({ accept: "application/json", "x-tenant": "acme" }) } })
        .expect(providedItPays, ...repeatsWhatItWasTold),
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
        .expect(takesRequestObjects, providedItPays, ...repeatsWhatItWasTold),
  }),
  defineCase({
    id: "client.payment.repeats-bytes",
    requirement: "C-PAY-02",
    title: "The paid request repeats a body that is no text",
    needs: ["takes-requests"],
    probe: (t) =>
      t
        .sells({ errand: { method: "POST", body: new Uint8Array([255, 254, 128, 200]) } })
        .expect(providedItPays, ...repeatsWhatItWasTold),
  }),
];

/** A `fetch` of one's own need not take a `Request`. */
function takesRequestObjects({ requests }: Observed): void {
  if (requests.length === 0) throw new NotApplicable("The client takes no `Request`, only an address.");
}

/** Headers that belong to the request and not to its way over the wire. */
const ownHeaders = ["accept", "accept-language", "authorization", "content-type", "user-agent", "x-tenant"];

function repeats(retry: RequestText, first: RequestText): void {
  const told = ({ method, target, headers, body }: RequestText) =>
    [`${method} ${target}`, ...ownHeaders.map((name) => `${name}: ${headers[name] ?? "none"}`), body].join(
      "\n",
    );
  if (told(retry) !== told(first))
    throw new Finding("Another request is paid for.", told(first), told(retry));
}

/** A client that loses at once what it is told repeats nothing of it, however alike its requests are. */
const sendsWhatItIsTold: Check = ({ told, requests }) => {
  const first = requests.find(({ payments }) => payments.length === 0);
  if (told === undefined || first === undefined) return;
  const lost = lostOf(told, first);
  if (lost.length === 0) return;
  throw new NotApplicable(
    `The client does not send what it is told, so that its requests do not show whether it repeats that: ${lost.join("; ")}.`,
  );
};

/** What of a request is not in another one, each with what is there instead. What is there besides is of no interest. */
function lostOf(told: RequestText, first: RequestText): readonly string[] {
  return [
    ["method", told.method, first.method],
    ["address", told.target, first.target],
    ...Object.entries(told.headers).map(([name, value]) => [name, value, first.headers[name]]),
    ["body", told.body, first.body],
  ].flatMap(([name, expected, actual]) =>
    expected === actual ? [] : [`${name} is ${shortly(actual)}, and not ${shortly(expected)}`],
  );
}

function shortly(text: string | undefined): string {
  return text === undefined || text === "" ? "missing" : `"${text.slice(0, 80)}"`;
}

/** What is broken is said before what cannot be known. */
const repeatsWhatItWasTold: readonly Check[] = [everyRetry(repeats), sendsWhatItIsTold];
