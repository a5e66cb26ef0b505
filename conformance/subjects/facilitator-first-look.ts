import { Problem, type SandboxDescription } from "#sandbox";
import {
  type FacilitatorSetup,
  judgedVersions,
  listedVersions,
  listsNetwork,
  networkNameIn,
} from "../engine/facilitator/index.ts";
import { field, type Json, parseJson, sendOverWire } from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";

/**
 * Asks a facilitator once what it supports, which is judged in `protocol`, or in what it lists. Gives sentences for the
 * user when it makes nearly every case fail or not apply for one reason: that it speaks another version, or settles on
 * another chain.
 *
 * @throws Problem `subject-unreachable` when no HTTP answer comes
 */
export async function facilitatorFirstLook(
  { url, headers = {} }: FacilitatorSetup,
  { network, faultyRpcUrl }: SandboxDescription,
  protocol: ProtocolId | undefined,
  timeoutMs: number,
): Promise<readonly string[]> {
  const { origin, pathname } = new URL(url);
  const target = `${pathname.replace(/\/$/, "")}/supported`;
  const answer = await sendOverWire({ method: "GET", origin, target, headers }, { timeoutMs });
  if (answer.kind === "no-answer") {
    throw new Problem(
      "subject-unreachable",
      `No HTTP answer to GET ${origin}${target}: ${answer.why}.`,
      "Start the facilitator first, or let the suite start it with --start.",
    );
  }
  const asked = `GET ${origin}${target}`;
  const kinds = kindsIn(answer.body);
  const other = otherVersion(kinds, protocol);
  if (other !== undefined) return [`${asked} ${other}`];
  const versions = judgedVersions(kinds, protocol);
  const notices = versions.includes("x402@2") || protocol !== undefined ? [] : [`${asked} ${onlyV1}`];
  if (versions.some((version) => listsNetwork(kinds, version, network))) return notices;
  const [version] = versions;
  const name = networkNameIn(version, network);
  const named = name === network ? `${network}, the sandbox's network` : `${name}, as v1 calls ${network}`;
  return [
    ...notices,
    `${asked} does not list ${named}. Let the facilitator settle on the chain at ${faultyRpcUrl}; with --start it finds it as RPC_URL.`,
  ];
}

const onlyV1 =
  "lists kinds of x402 v1 only: the facilitator is judged in v1, and what is about v2 does not apply. --protocol x402@1 leaves that out; --protocol x402@2 judges it in v2 all the same.";

/** What to tell of a facilitator that lists kinds, and none of the version that it is judged in. */
function otherVersion(kinds: readonly Json[], protocol: ProtocolId | undefined): string | undefined {
  const [listed, ...others] = listedVersions(kinds);
  if (protocol === undefined || listed === undefined || [listed, ...others].includes(protocol)) return;
  return `lists no kind of ${protocol}, in which the facilitator is judged; --protocol ${listed} judges it in what it lists.`;
}

function kindsIn(supported: string): readonly Json[] {
  const kinds = field(parseJson(supported), "kinds");
  return Array.isArray(kinds) ? kinds : [];
}
