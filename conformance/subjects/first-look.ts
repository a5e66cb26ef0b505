import { Problem, type SandboxDescription } from "#sandbox";
import { dialects } from "../engine/index.ts";
import { onWire, type SubjectSetup } from "../engine/seller/index.ts";
import { acceptsEntries, addressInCaip19, diagnose, field, sendOverWire } from "../oracles/wire/index.ts";
import type { ProtocolId } from "../requirements/index.ts";

/**
 * Asks for what costs money once, without paying, of a seller that is to speak `protocol`. Gives sentences for the user when the answer makes nearly every
 * case fail for one reason: no payment is asked for, it is asked for in another protocol or form, or where the
 * sandbox is not.
 *
 * @throws Problem `subject-unreachable` when no HTTP answer comes
 */
export async function firstLook(
  subject: SubjectSetup,
  sandbox: Pick<SandboxDescription, "network" | "asset">,
  protocol: ProtocolId,
  timeoutMs: number,
): Promise<readonly string[]> {
  const { origin, requests, overMcp } = subject;
  const { paid } = requests;
  const answer = await sendOverWire(onWire(subject, paid), { timeoutMs });
  const flags = overMcp ? "--tool and --data" : "--url, --method and --data";
  const request = overMcp ? `the tool ${paid.target.slice(1)}` : `${paid.method} ${origin}${paid.target}`;
  if (answer.kind === "no-answer") {
    throw new Problem(
      "subject-unreachable",
      `No HTTP answer to ${request}: ${answer.why}.`,
      "Start the seller first, or let the suite start it with --start.",
    );
  }
  if (answer.status >= 500) {
    const said = answer.body.replaceAll(/\s+/g, " ").trim().slice(0, 200);
    return [
      `${request} answered ${answer.status} without asking for payment${said === "" ? "" : `: ${said}`}. The seller cannot tell its price; its own log may say why.`,
    ];
  }
  if (answer.status !== 402) {
    return [
      `${request} answered ${answer.status} without asking for payment. Check that ${flags} are a request that costs money, and that the seller guards it.`,
    ];
  }
  const advice = diagnose(answer, protocol === "x402@1" ? 1 : 2);
  const { readChallenge, networkName } = dialects[protocol];
  const reading = readChallenge(answer);
  const here = { ...sandbox, name: networkName(sandbox.network) ?? sandbox.network };
  const place = reading.stage === "object" ? elsewhere(acceptsEntries(reading.challenge), here) : undefined;
  return place === undefined ? advice : [...advice, place];
}

/** Says where a seller wants its money if none of it is to be paid on the sandbox. */
function elsewhere(
  entries: ReturnType<typeof acceptsEntries>,
  { network, name, asset }: { readonly network: string; readonly name: string; readonly asset: string },
): string | undefined {
  const offers = entries.map((entry) => ({
    network: text(entry, "network"),
    asset: addressInCaip19(field(entry, "asset")) ?? text(entry, "asset"),
  }));
  // That v1 calls it by another name, the advice has said.
  const here = offers.filter((offer) => offer.network === name || offer.network === network);
  if (offers.length === 0 || here.some((offer) => offer.asset.toLowerCase() === asset.toLowerCase())) return;
  const wanted =
    here.length === 0
      ? `on ${listed(offers.map((offer) => offer.network))}`
      : `in the token ${listed(here.map((offer) => offer.asset))}`;
  return `The seller wants to be paid ${wanted}; the sandbox is ${name} with the token ${asset}, so nothing can be bought. Let it take NETWORK and ASSET_ADDRESS from its environment (--start), or set both to these values.`;
}

function text(entry: Parameters<typeof field>[0], name: string): string {
  const value = field(entry, name);
  return typeof value === "string" ? value : "?";
}

function listed(values: readonly string[]): string {
  return [...new Set(values)].join(", ");
}
