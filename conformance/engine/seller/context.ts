import { type AcceptsEntry, acceptsEntries } from "../../oracles/wire/index.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import { dialects } from "../dialect.ts";
import { type Ground, openGround } from "../ground.ts";
import { type Lifeline, openLifeline } from "../lifeline.ts";
import { Payers } from "../payers.ts";
import type { Case } from "./case.ts";
import { type ApiRequest, onWire } from "./request.ts";
import { firstPermitSale, firstSale, type Sale } from "./sale.ts";
import type { RunSetup } from "./setup.ts";
import { SoldAnswers } from "./sold-answers.ts";
import { methodsIn, type PaymentMethod, type PermitMethod } from "./terms.ts";

/** What the cases of one run share. */
export interface RunContext extends RunSetup, Ground {
  readonly payers: Payers;
  readonly lifeline: Lifeline;
  /** Whether the subject asks to be paid in a version; looked at once. */
  readonly offers: (protocol: ProtocolId) => Promise<boolean>;
  /** The first, honest purchase of the run in a version; made once, when it is first asked for. */
  readonly sale: (protocol: ProtocolId) => Promise<Sale>;
  /** The first, honest purchase of the run by Permit2 or `upto`; made once, when it is first asked for. */
  readonly permitSale: (method: PermitMethod) => Promise<Sale>;
  /** The ways in which a request asks to be paid in v2; asked once. */
  readonly methodsOf: (request: ApiRequest) => Promise<readonly PaymentMethod[]>;
  /** What a request's challenge in v2 offers; asked once. */
  readonly entriesOf: (request: ApiRequest) => Promise<readonly AcceptsEntry[]>;
  /** The requests that can be paid so: those that were given, or the paid one where it offers it. */
  readonly permitRequests: (method: PermitMethod) => Promise<readonly ApiRequest[]>;
  /** Requests whose answers are streams that go on, as `METHOD target`: where one was waited for, others need not be. */
  readonly endless: Set<string>;
  /** What buyers were given for their money so far. */
  readonly soldAnswers: SoldAnswers;
  /** The first sales that were asked for. */
  readonly salesSoFar: () => Promise<readonly Sale[]>;
}

/** Connects to the run's sandbox; `cases` are those whose payers are worth funding in one go. */
export async function openContext(
  setup: RunSetup,
  cases: readonly Pick<Case, "id">[] = [],
): Promise<RunContext> {
  const ground = await openGround(setup);
  const sales = new Map<ProtocolId | PermitMethod, Promise<Sale>>();
  const { paid, permit2, upto } = setup.subject.requests;
  const lifeline = openLifeline(setup.subject);
  const askUnpaid = perRequest((request) =>
    lifeline.send(onWire(setup.subject, request), { timeoutMs: setup.timeoutMs }),
  );
  const context: RunContext = {
    ...setup,
    ...ground,
    lifeline,
    payers: new Payers(
      ground.admin,
      setup.seed,
      cases.map(({ id }) => id),
    ),
    endless: new Set(),
    soldAnswers: new SoldAnswers(),
    offers: async (protocol) => {
      const answer = await askUnpaid(paid);
      return answer.kind === "answer" && dialects[protocol].isOffered(answer);
    },
    sale: (protocol) => {
      const sale = sales.get(protocol) ?? firstSale(context, dialects[protocol]);
      sales.set(protocol, sale);
      return sale;
    },
    permitSale: (method) => {
      const sale = sales.get(method) ?? firstPermitSale(context, method);
      sales.set(method, sale);
      return sale;
    },
    methodsOf: async (request) => methodsIn(await context.entriesOf(request)),
    entriesOf: async (request) => {
      const answer = await askUnpaid(request);
      if (answer.kind === "no-answer") return [];
      const reading = dialects["x402@2"].readChallenge(answer);
      return reading.stage === "object" ? acceptsEntries(reading.challenge) : [];
    },
    permitRequests: async (method) => {
      const given = method === "permit2" ? permit2 : upto;
      if (given !== undefined) return [given].flat();
      return (await context.methodsOf(paid)).includes(method) ? [paid] : [];
    },
    salesSoFar: () => Promise.all(sales.values()),
  };
  return context;
}

function perRequest<T>(ask: (request: ApiRequest) => Promise<T>): (request: ApiRequest) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (request) => {
    const name = JSON.stringify(request);
    const answer = asked.get(name) ?? ask(request);
    asked.set(name, answer);
    return answer;
  };
}
