import { sendOverWire } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import { type Ground, openGround } from "../ground.ts";
import { Payers } from "../payers.ts";
import type { Case } from "./case.ts";
import { onWire } from "./request.ts";
import { firstSale, type Sale } from "./sale.ts";
import type { RunSetup } from "./setup.ts";

/** What the cases of one run share. */
export interface RunContext extends RunSetup, Ground {
  readonly payers: Payers;
  /** Whether the subject asks to be paid in a version; looked at once. */
  readonly offers: (protocol: ProtocolId) => Promise<boolean>;
  /** The first, honest purchase of the run in a version; made once, when it is first asked for. */
  readonly sale: (protocol: ProtocolId) => Promise<Sale>;
  /** Requests whose answers are streams that go on, as `METHOD target`: where one was waited for, others need not be. */
  readonly endless: Set<string>;
  /** The first sales that were asked for. */
  readonly salesSoFar: () => Promise<readonly Sale[]>;
}

/** Connects to the run's sandbox; `cases` are those whose payers are worth funding in one go. */
export async function openContext(
  setup: RunSetup,
  cases: readonly Pick<Case, "id">[] = [],
): Promise<RunContext> {
  const ground = await openGround(setup);
  const sales = new Map<ProtocolId, Promise<Sale>>();
  const unpaid = once(() =>
    sendOverWire(onWire(setup.subject, setup.subject.requests.paid), { timeoutMs: setup.timeoutMs }),
  );
  const context: RunContext = {
    ...setup,
    ...ground,
    payers: new Payers(
      ground.admin,
      setup.seed,
      cases.map(({ id }) => id),
    ),
    endless: new Set(),
    offers: async (protocol) => {
      const answer = await unpaid();
      return answer.kind === "answer" && dialects[protocol].isOffered(answer);
    },
    sale: (protocol) => {
      const sale = sales.get(protocol) ?? firstSale(context, dialects[protocol]);
      sales.set(protocol, sale);
      return sale;
    },
    salesSoFar: () => Promise.all(sales.values()),
  };
  return context;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
