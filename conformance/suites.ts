import { sellerCases } from "./cases/seller/index.ts";
import {
  auditId,
  defineSuite,
  type OpenSuite,
  openContext,
  type RunSetup,
  sellerBench,
} from "./engine/index.ts";

/** Judges sellers: the suite buys. */
export const sellerSuite = defineSuite({
  role: "seller",
  cases: sellerCases,
  auditId,
  open: async (setup: RunSetup) => sellerBench(await openContext(setup)),
});

/** Brings the suite of a run's role to its subject. */
export function openSuite(setup: RunSetup): Promise<OpenSuite> {
  switch (setup.role) {
    case "seller":
      return sellerSuite.open(setup);
  }
}
