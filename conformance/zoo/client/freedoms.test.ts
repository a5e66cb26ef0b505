import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientSteps, clientSteps, type Sandbox, startSandbox, toBase64Json } from "#sandbox";
import { clientCases } from "../../cases/client/index.ts";
import { type PayingFetchMaker, referenceClient } from "../../subjects/client/index.ts";
import { asking, challengeOf, forgery, part } from "./messages.ts";
import { payingFromMemory } from "./remembering.ts";
import { judgeClient } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

/** Clients that differ from the reference in what the protocol leaves open, and what the suite makes of it. */
const freedoms: readonly {
  readonly freedom: string;
  readonly client: PayingFetchMaker;
  readonly cases: RegExp;
  readonly status: string;
}[] = [
  {
    freedom: "pays by Permit2 alone",
    client: supportingAlone("exact", "permit2"),
    cases: /^client\.permit2\.(signature|accepted|again-pending)$/,
    status: "pass",
  },
  {
    freedom: "pays upto alone",
    client: supportingAlone("upto", "permit2"),
    cases: /^client\.upto\.(facilitator|endless-402|charged-nothing)$/,
    status: "pass",
  },
  {
    freedom: "pays upto alone, and no authorization",
    client: supportingAlone("upto", "permit2"),
    cases: /^client\.(permit2\.token|again\.pending|authorization\.payee|v1\.after-503)$/,
    status: "not-applicable",
  },
  {
    freedom: "pays nothing by permits",
    client: supportingAlone("exact", "eip3009"),
    cases: /^client\.(permit2\.token|upto\.facilitator)$/,
    status: "not-applicable",
  },
  {
    freedom: "pays the header's terms in both versions at once, and those of versions that it cannot know",
    client: differing({ readChallenge: readingEveryVersion, present: presentingTwice }),
    cases: /^client\.challenge\.(other-version|no-resource)-beside-v1$/,
    status: "pass",
  },
  {
    freedom: "does not wait for long, and then presents the same payment again",
    client: differing({
      present: (request, payment, transport, ...rest) =>
        clientSteps.present(
          request,
          payment,
          { ...transport, timeouts: { ...transport.timeouts, answer: 2_000 } },
          ...rest,
        ),
    }),
    cases: /^client\.(v1\.again-|again\.)silence$/,
    status: "pass",
  },
  {
    freedom: "writes addresses in capital letters",
    client: differing({ present: presentingInCapitals }),
    cases:
      /^client\.(authorization\.(payee|domain|domain-as-asked|terms-not-from-elsewhere|signature-shape)|payment\.accepted|audit\.signatures)$/,
    status: "pass",
  },
  {
    freedom: "keeps a table of the tokens that it pays, with their domains",
    client: differing({ support: knowingTheDomain }),
    cases: /^client\.(authorization\.domain-as-asked|entries\.no-domain-(name|version))$/,
    status: "warn",
  },
  {
    freedom: "is told more than an address, and sends no more than that",
    client: (context) => {
      const pay = referenceClient()(context);
      return async (input, init) => (await pay)(...addressAlone(input, init));
    },
    cases: /^client\.(payment\.|v1\.payment-)repeats-(the-body|bytes|a-headers-object|a-request-object)$/,
    status: "not-applicable",
  },
  {
    freedom: "sends a header twice that it was told once",
    client: (context) => {
      const pay = referenceClient()(context);
      return async (input, init) => {
        const headers = new Headers(init?.headers);
        const type = headers.get("content-type");
        if (type !== null) headers.append("content-type", type);
        return (await pay)(input, { ...init, headers });
      };
    },
    cases: /^client\.(payment\.|v1\.payment-)repeats-the-body$/,
    status: "not-applicable",
  },
];

test.each(freedoms)(
  "a client that $freedom is not blamed: $status",
  async ({ freedom, client, cases, status }) => {
    const chosen = clientCases.filter(({ id }) => cases.test(id));
    const { results } = await judgeClient(client, sandbox.description, freedom, 10_000, chosen);
    const statusOf = new Map(results.map((result) => [result.id, result.status]));
    expect(chosen.map(({ id }) => `${id}: ${statusOf.get(id)}`)).toEqual(
      chosen.map(({ id }) => `${id}: ${status}`),
    );
  },
);

test("a client that signs wrong permits, and nothing else, is blamed for them", async () => {
  const support = supporting("exact", "permit2");
  const authorize: ClientSteps["authorize"] = (...order) => ({
    ...clientSteps.authorize(...order),
    value: "1001",
  });
  const chosen = clientCases.filter(({ id }) => id === "client.permit2.amount");
  const client = referenceClient({ ...clientSteps, support, authorize });
  const { results } = await judgeClient(client, sandbox.description, "wrong permits", 10_000, chosen);
  expect(results[0]).toMatchObject({ id: "client.permit2.amount", status: "fail" });
});

test("a client that pays from memory, and signs once when that fails, is not blamed", async () => {
  const chosen = clientCases.filter(({ id }) => /\.again\.second-|\.nonce-for-the-same$/.test(id));
  const client = payingFromMemory(clientSteps.retry);
  const { results } = await judgeClient(client, sandbox.description, "from memory", 10_000, chosen);
  const blamed = results.filter(({ status }) => status !== "pass");
  expect(blamed.map(({ id, status }) => `${id}: ${status}`)).toEqual([]);
  expect(chosen).toHaveLength(6);
});

/** The reference but for some of its steps. */
function differing(steps: Partial<ClientSteps>): PayingFetchMaker {
  return referenceClient({ ...clientSteps, ...steps });
}

/** Pays entries of one scheme, by one method, and leaves alone all others. */
function supportingAlone(scheme: string, method: string): PayingFetchMaker {
  return differing({ support: supporting(scheme, method) });
}

/** Pays entries of one scheme, by one method, and leaves alone all others. */
function supporting(scheme: string, method: string): ClientSteps["support"] {
  return (offered) => {
    const supported = clientSteps.support(offered);
    const { requirements } = offered;
    if (!supported.ok || (requirements.scheme === scheme && supported.value.method === method))
      return supported;
    return {
      ok: false,
      error: { code: "unsupported_scheme", message: "It is of no interest.", path: "scheme" },
    };
  };
}

/** Takes every challenge in the header for one of v2 that says for what it is. */
async function readingEveryVersion(response: Response): ReturnType<ClientSteps["readChallenge"]> {
  const challenge = challengeOf(response);
  if (challenge === undefined) return clientSteps.readChallenge(response);
  const { resource = forgery.resource } = challenge;
  const read = await clientSteps.readChallenge(asking({ ...challenge, x402Version: 2, resource }));
  return { ...read, response };
}

/** Sends one payment under the names that both versions have for it. */
function presentingTwice(...[request, payment, ...rest]: Parameters<ClientSteps["present"]>) {
  const headers = { ...request.headers, "x-payment": payment.header };
  return clientSteps.present({ ...request, headers }, payment, ...rest);
}

/** Names payer and payee in capital letters; what is signed is the same. */
function presentingInCapitals(...[request, payment, ...rest]: Parameters<ClientSteps["present"]>) {
  const { message } = payment;
  const authorization = part(message.payload, "authorization");
  const { from, to } = authorization;
  if (typeof from !== "string" || typeof to !== "string")
    return clientSteps.present(request, payment, ...rest);
  const loud = { ...authorization, from: inCapitals(from), to: inCapitals(to) };
  const header = toBase64Json({ ...message, payload: { ...message.payload, authorization: loud } });
  return clientSteps.present(request, { ...payment, header }, ...rest);
}

function inCapitals(address: string): string {
  return `0x${address.slice(2).toUpperCase()}`;
}

/** Signs under the domain that it knows the token to have, whatever the entry says of it. */
function knowingTheDomain(
  ...[offered]: Parameters<ClientSteps["support"]>
): ReturnType<ClientSteps["support"]> {
  const { requirements } = offered;
  const extra = { ...requirements.extra, name: "USDC", version: "2" };
  const supported = clientSteps.support({ ...offered, requirements: { ...requirements, extra } });
  return supported.ok ? { ok: true, value: { ...supported.value, requirements } } : supported;
}

/** All that is left of a request when method, headers and body are lost. */
function addressAlone(input: string | Request, init: RequestInit = {}): [string, RequestInit] {
  const isAddress = typeof input === "string";
  const { signal = isAddress ? null : input.signal } = init;
  return [isAddress ? input : input.url, { signal }];
}
