import { clientCases } from "./cases/client/index.ts";
import { facilitatorCases } from "./cases/facilitator/index.ts";
import { sellerCases } from "./cases/seller/index.ts";
import {
  type ClientRunSetup,
  clientAuditId,
  clientBench,
  remedies as clientRemedies,
  openClientContext,
} from "./engine/client/index.ts";
import {
  type FacilitatorRunSetup,
  facilitatorAuditId,
  facilitatorBench,
  facilitatorRemedies,
  openFacilitatorContext,
} from "./engine/facilitator/index.ts";
import {
  type CaseFacts,
  defineSuite,
  type OpenSuite,
  type Pace,
  planRun,
  type Suite,
} from "./engine/index.ts";
import {
  auditId,
  openContext,
  type RunSetup,
  sellerBench,
  remedies as sellerRemedies,
} from "./engine/seller/index.ts";
import type { Role } from "./requirements/index.ts";
import { openClient } from "./subjects/client/index.ts";

/** Judges sellers: the suite buys. */
export const sellerSuite = defineSuite({
  role: "seller",
  cases: sellerCases,
  auditId,
  open: async (setup: RunSetup) => sellerBench(await openContext(setup, sellerCases)),
});

/** Judges clients: the suite sells. */
export const clientSuite = defineSuite({
  role: "client",
  cases: clientCases,
  auditId: clientAuditId,
  open: async ({ subject, ...setup }: ClientRunSetup) =>
    clientBench(await openClientContext(setup, await openClient(subject), clientCases)),
});

/** Judges facilitators: the suite has payments verified and settled. */
export const facilitatorSuite = defineSuite({
  role: "facilitator",
  cases: facilitatorCases,
  auditId: facilitatorAuditId,
  open: async (setup: FacilitatorRunSetup) => facilitatorBench(await openFacilitatorContext(setup)),
});

/** The set-up of a run, of any role. */
export type AnySetup = RunSetup | ClientRunSetup | FacilitatorRunSetup;

/** What is known of a suite without a subject. */
export type AnySuite = Pick<Suite<never>, "role" | "cases" | "auditId">;

/** Every suite, in the order in which they are told of. */
export const suites: readonly AnySuite[] = [sellerSuite, clientSuite, facilitatorSuite];

/** Every verdict that whole runs give: the cases of each suite, and its audit. */
export const verdicts: readonly Pick<CaseFacts, "id" | "requirement">[] = [
  ...sellerCases,
  { id: auditId, requirement: "S-AUD-01" },
  ...clientCases,
  { id: clientAuditId, requirement: "C-AUD-01" },
  ...facilitatorCases,
  { id: facilitatorAuditId, requirement: "F-AUD-01" },
];

/** Ids of all verdicts in the order in which whole runs tell of them. */
export function caseOrder(): readonly string[] {
  return suites.flatMap(({ cases, auditId: audit }) => [...planRun(cases).map(({ id }) => id), audit]);
}

/** What a run has to be given for cases that need it, by need. */
export function remediesOf(role: Role): Readonly<Record<string, string>> {
  return { seller: sellerRemedies, client: clientRemedies, facilitator: facilitatorRemedies }[role];
}

/** Brings the suite of a run's role to its subject. */
export function openSuite(setup: AnySetup, pace: Pace): Promise<OpenSuite> {
  switch (setup.role) {
    case "seller":
      return sellerSuite.open(setup, pace);
    case "client":
      return clientSuite.open(setup, pace);
    case "facilitator":
      return facilitatorSuite.open(setup, pace);
  }
}
