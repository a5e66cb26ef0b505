import type { SandboxDescription } from "#sandbox";
import { type ClientSubjectSetup, clientBench, openClientContext } from "../engine/client/index.ts";
import type { ProtocolId } from "../requirements/index.ts";
import { openClient } from "../subjects/client/index.ts";
import { type Finding, ok, problem } from "./finding.ts";

/** How a client is looked at. */
export interface ClientExamination {
  readonly subject: ClientSubjectSetup;
  readonly sandbox: SandboxDescription;
  /** The version that it has to speak; either of them without it. */
  readonly protocol: ProtocolId | undefined;
  readonly seed: string;
  readonly timeoutMs: number;
}

/** Sends a client to an honest shop once in each version. */
export async function* examineClient({
  subject,
  sandbox,
  protocol,
  seed,
  timeoutMs,
}: ClientExamination): AsyncGenerator<Finding> {
  const setup = { adminUrl: sandbox.adminUrl, seed, timeoutMs, replay: "" };
  const client = await openClient(subject);
  const bench = clientBench(await openClientContext(setup, client, []));
  const versions: readonly ProtocolId[] = protocol === undefined ? ["x402@2", "x402@1"] : [protocol];
  const complaints: string[] = [];
  for (const version of versions) {
    const premise = await bench.premise(version);
    if (premise.kind === "holds") yield ok("purchase", `It paid an honest shop in ${version}.`);
    else complaints.push(premise.why);
  }
  await bench.audit([]);
  await client.close();
  if (complaints.length < versions.length) return;
  yield problem(
    "purchase",
    `It bought nothing: ${complaints[0]}`,
    "Let it fetch {url}, or X402_URL, and pay with PAYER_PRIVATE_KEY; `x402-assay sandbox` is an honest shop to try it on.",
  );
}
