import type { LedgerPoint } from "#sandbox";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Evidence } from "../evidence.ts";
import { type Ground, openGround } from "../ground.ts";
import { Payers } from "../payers.ts";
import type { Case } from "./case.ts";
import type { ClientUnderTest } from "./errand.ts";
import type { Observed } from "./observed.ts";
import type { ClientRunSetup } from "./setup.ts";
import { Shop } from "./shop.ts";
import type { Storefront } from "./storefront.ts";

/** What the cases of one run against a client share. */
export interface ClientContext extends Omit<ClientRunSetup, "role" | "subject">, Ground {
  readonly client: ClientUnderTest;
  readonly payers: Payers;
  /** The block after which the run began. */
  readonly since: LedgerPoint;
  /**
   * The run's honest sale in a version: made once, when it is first asked for. It is the control of every case:
   * each errand has a client, a shop and a payer of its own, so that one that goes well speaks for all.
   */
  readonly honestSale: (protocol: ProtocolId) => Promise<Observed>;
  /** What was seen of the first honest sale that was tried. */
  readonly honestEvidence: () => Promise<Evidence | undefined>;
  /** Shops that were opened; they stay open until the run is audited. */
  readonly storefronts: Set<Storefront>;
}

/** Connects to the run's sandbox; `cases` are those whose payers are worth funding in one go. */
export async function openClientContext(
  setup: Omit<ClientRunSetup, "role" | "subject">,
  client: ClientUnderTest,
  cases: readonly Pick<Case, "id">[],
): Promise<ClientContext> {
  const ground = await openGround(setup);
  const sales = new Map<ProtocolId, Promise<Observed>>();
  const honestShops: Shop[] = [];
  const context: ClientContext = {
    ...setup,
    ...ground,
    client,
    payers: new Payers(
      ground.admin,
      setup.seed,
      cases.map(({ id }) => id),
    ),
    since: await ground.ledger.now(),
    storefronts: new Set(),
    honestSale: (protocol) => {
      const earlier = sales.get(protocol);
      if (earlier !== undefined) return earlier;
      const shop = new Shop(context, `honest sale in ${protocol}`, protocol);
      honestShops.push(shop);
      const sale = shop.sells().done();
      sales.set(protocol, sale);
      return sale;
    },
    honestEvidence: async () => honestShops[0]?.evidence(),
  };
  return context;
}
