import type { SandboxDescription } from "#sandbox";
import {
  type FacilitatorSetup,
  judgedVersions,
  listsNetwork,
  networkNameIn,
  openFacilitatorContext,
} from "../engine/facilitator/index.ts";
import { field, parseJson, sendOverWire } from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";
import { type Finding, ok, problem, unreachable, warning } from "./finding.ts";

/** How a facilitator is looked at. */
export interface FacilitatorExamination {
  readonly subject: FacilitatorSetup;
  readonly sandbox: SandboxDescription;
  /** The version that it has to speak; whichever it lists without it. */
  readonly protocol: ProtocolId | undefined;
  readonly seed: string;
  readonly timeoutMs: number;
}

/** Looks at a facilitator: what it supports, whether it settles an honest payment, and on which node. */
export async function* examineFacilitator({
  subject,
  sandbox,
  protocol,
  seed,
  timeoutMs,
}: FacilitatorExamination): AsyncGenerator<Finding> {
  const { origin, pathname } = new URL(subject.url);
  const target = `${pathname.replace(/\/$/, "")}/supported`;
  const answer = await sendOverWire(
    { method: "GET", origin, target, headers: subject.headers ?? {} },
    { timeoutMs },
  );
  if (answer.kind === "no-answer") {
    yield unreachable(
      "facilitator",
      `No HTTP answer to GET ${origin}${target}: ${answer.why}.`,
      "Start the facilitator first, or let it be started with --start.",
    );
    return;
  }
  yield ok("facilitator", `GET ${origin}${target} answers ${answer.status}.`);
  const listed = field(parseJson(answer.body), "kinds");
  const kinds = Array.isArray(listed) ? listed : [];
  const { network, rpcUrl, faultyRpcUrl } = sandbox;
  const versions = judgedVersions(kinds, protocol);
  const [version] = versions;
  const namedIn = versions.find((each) => listsNetwork(kinds, each, network));
  if (!Array.isArray(listed)) {
    yield problem(
      "supported",
      "The answer has no list of kinds.",
      'Answer { "kinds": [{ "x402Version": 2, "scheme": "exact", "network": … }] }.',
    );
  } else if (namedIn === undefined) {
    yield problem(
      "chain",
      `/supported does not list ${networkNameIn(version, network)}, the sandbox's chain.`,
      `Let it take NETWORK and RPC_URL from its environment; the chain is at ${faultyRpcUrl}.`,
    );
  } else yield ok("chain", `/supported lists ${networkNameIn(namedIn, network)}.`);
  const context = await openFacilitatorContext({
    role: "facilitator",
    adminUrl: sandbox.adminUrl,
    seed,
    timeoutMs,
    replay: "",
    subject,
    ...(protocol === undefined ? {} : { protocol }),
  });
  const settlement = await context.honestSettlement(version);
  if (settlement.kind === "fails") {
    yield problem(
      "settlement",
      `An honest payment was not settled: ${settlement.why}`,
      `It has to settle on the chain at ${rpcUrl}, with an account that has gas; --start gives it FACILITATOR_PRIVATE_KEY.`,
    );
    return;
  }
  yield ok("settlement", "An honest payment was settled on chain.");
  yield (await context.feelsChainFaults())
    ? ok("node", "Faults of the sandbox's chain reach it.")
    : warning(
        "node",
        "Faults of the sandbox's chain do not reach it, so that cases about them do not apply.",
        `Let it use ${faultyRpcUrl} as its RPC; with --start it finds it as RPC_URL.`,
      );
}
