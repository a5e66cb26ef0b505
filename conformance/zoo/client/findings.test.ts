import { afterAll, beforeAll, expect, test } from "vitest";
import { type ClientSteps, clientSteps, type Sandbox, startSandbox } from "#sandbox";
import { clientCases } from "../../cases/client/index.ts";
import { type PayingFetchMaker, referenceClient } from "../../subjects/client/index.ts";
import { clientMutants } from "./mutants/index.ts";
import { judgeClient } from "./run.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const usdc = "0x036CbD53842c5426634e7929541eC2318f3dCF7e";

/** What a report says of a client, so that its author knows what to look for. */
const findings: readonly {
  readonly client: string;
  readonly maker: PayingFetchMaker;
  readonly caseId: string;
  readonly says: string;
}[] = [
  {
    client: "signs for USDC, whatever the asset",
    maker: referenceClient({ ...clientSteps, checkPolicy: takingAnyToken, sign: signingForUsdc }),
    caseId: "client.entries.look-alike-asset",
    says: `It is signed for USDC, the sandbox's token at ${usdc}, and not for the entry's asset.`,
  },
  {
    client: "signs for any token",
    maker: mutant("believes-token-names"),
    caseId: "client.v1.look-alike-asset",
    says: "The client signed a payment.",
  },
  {
    client: "signs for one chain only",
    maker: mutant("v1-knows-one-chain"),
    caseId: "client.v1.chain-of-the-entry",
    says: `signed under USDC / 2 on 84532 at ${usdc}, the token's own`,
  },
  {
    client: "follows `extra` to another chain",
    maker: mutant("believes-extra"),
    caseId: "client.authorization.domain-not-from-extra",
    says: "signed under USDC / 2 on 1 at 0x00000000000000000000000000000000DeaDBeef",
  },
  {
    client: "signs under a name of its own",
    maker: referenceClient({ ...clientSteps, sign: signingUnderNobodysName }),
    caseId: "client.authorization.domain",
    says: "under any domain that is known here",
  },
  {
    client: "pays a v1 entry of an unknown scheme",
    maker: mutant("v1-knows-every-scheme"),
    caseId: "client.v1.unknown-scheme-first",
    says: "The entry of an unknown scheme is paid.",
  },
  {
    client: "pays an entry of an unknown scheme, which is another case's matter",
    maker: mutant("knows-every-scheme"),
    caseId: "client.payment.accepted-is-what-is-signed",
    says: "client.entries.unknown-scheme-first judges that",
  },
  {
    client: "does not hand on the caller's signal",
    maker: mutant("pays-for-nobody"),
    caseId: "client.caller.gave-up",
    says: "The caller had aborted the request's `signal`",
  },
  {
    client: "pays nothing: the body is quoted first, and no header of the connection",
    maker: () => (input, init) => fetch(input, init),
    caseId: "client.v1.payment",
    says: 'status 402: {"x402Version":1,"error":"Payment required"',
  },
];

test.each(findings)("of a client that $client", async ({ client, maker, caseId, says }) => {
  const chosen = clientCases.filter(({ id }) => id === caseId);
  const { results } = await judgeClient(maker, sandbox.description, client, 10_000, chosen);
  const [{ message = "", actual = "" } = {}] = results;
  expect(`${message}\n${actual}`).toContain(says);
});

function mutant(id: string): PayingFetchMaker {
  const found = clientMutants.find((one) => one.id === id);
  if (found === undefined) throw new Error(`There is no mutant ${id}.`);
  return found.build(() => {});
}

function takingAnyToken(...[choice, policy]: Parameters<ClientSteps["checkPolicy"]>) {
  return clientSteps.checkPolicy(choice, { ...policy, allowedAssets: "any" });
}

function signingForUsdc(...[choice, ...rest]: Parameters<ClientSteps["sign"]>) {
  if (choice.method !== "eip3009") return clientSteps.sign(choice, ...rest);
  return clientSteps.sign({ ...choice, domain: { ...choice.domain, verifyingContract: usdc } }, ...rest);
}

function signingUnderNobodysName(...[choice, ...rest]: Parameters<ClientSteps["sign"]>) {
  if (choice.method !== "eip3009") return clientSteps.sign(choice, ...rest);
  return clientSteps.sign({ ...choice, domain: { ...choice.domain, name: "Nobody's" } }, ...rest);
}
