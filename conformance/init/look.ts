import { type ProtocolId, protocolIds } from "#sandbox";
import { dialects } from "../engine/index.ts";
import { type ApiRequest, methodsIn, onWire, type PaymentMethod } from "../engine/seller/index.ts";
import {
  acceptsEntries,
  diagnose,
  field,
  type JsonObject,
  type NoAnswer,
  sendOverWire,
  type WireAnswer,
} from "../oracles/wire/index.ts";
import { type Documents, documentsOf } from "./documents.ts";
import { type Operation, operationsIn } from "./operations.ts";

/** Where a seller is, and the request that is known to cost money, or may be. */
export interface Whereabouts {
  readonly origin: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly request: ApiRequest;
  readonly timeoutMs: number;
}

/** What asking a seller, without paying, has shown. */
export interface Findings {
  readonly documents: Documents;
  /** How the given request was answered. */
  readonly answered: WireAnswer | NoAnswer;
  readonly paid?: PaidRequest | undefined;
  readonly alsoPaid?: PaidRequest | undefined;
  readonly identified?: PaidRequest | undefined;
  readonly streaming?: PaidRequest | undefined;
  readonly permit2?: PaidRequest | undefined;
  readonly upto?: PaidRequest | undefined;
  readonly invalid?: { readonly request: ApiRequest; readonly why: string } | undefined;
  readonly free?: ApiRequest | undefined;
}

/** A request that was answered with a challenge. */
export interface PaidRequest {
  readonly request: ApiRequest;
  readonly protocol: ProtocolId;
  /** Atomic units as the challenge writes them, if it does. */
  readonly amount: string | undefined;
  readonly network: string | undefined;
  readonly needsIdentifier: boolean;
  /** What its seller should change about the challenge, sentence by sentence. */
  readonly advice: readonly string[];
  /** The ways to pay it, of those that the suite knows. */
  readonly methods: readonly PaymentMethod[];
}

/** Most requests of a document that are asked. */
const mostAsked = 40;

/** Paths that usually cost nothing. */
const freePaths = ["/health", "/healthz", "/status", "/ping", "/"];

/** Asks a running seller for what it publishes and what it charges for. Never pays, and sends nothing that could change anything. */
export async function lookAt({ origin, headers, request, timeoutMs }: Whereabouts): Promise<Findings> {
  const ask = (one: ApiRequest) => sendOverWire(onWire({ origin, headers }, one), { timeoutMs });
  const documents = await documentsOf(origin, headers, timeoutMs);
  const operations = operationsIn(documents, origin)
    .filter(({ harmless }) => harmless)
    .slice(0, mostAsked);
  const given = await ask(request);
  const asked: { operation: Operation; answer: WireAnswer }[] = [];
  for (const operation of operations) {
    const answer = await ask(operation.request);
    if (answer.kind === "answer") asked.push({ operation, answer });
  }
  const offered = asked.flatMap(({ operation, answer }) => {
    const paid = paidRequest(operation.request, answer);
    return paid === undefined ? [] : [{ ...paid, operation }];
  });
  const plain = offered.filter(({ needsIdentifier, methods }) => !needsIdentifier && isForAll(methods));
  const paid = (given.kind === "answer" ? paidRequest(request, given) : undefined) ?? plain[0];
  if (paid === undefined) return { documents, answered: given };
  const others = plain.filter((one) => pathOf(one.request) !== pathOf(paid.request));
  const invalid = await findInvalid(paid.request, operations, ask);
  const free = await findFree(asked, documents, ask);
  return {
    documents,
    answered: given,
    paid,
    alsoPaid: others.find(({ amount }) => amount !== paid.amount) ?? others[0],
    identified: offered.find(({ needsIdentifier }) => needsIdentifier),
    streaming: offered.find(({ operation }) => operation.streams),
    permit2: offered.find(({ methods }) => methods.includes("permit2")),
    upto: offered.find(({ methods }) => methods.includes("upto")),
    invalid,
    free,
  };
}

/** Whether those can pay it, too, who have given Permit2 no allowance. What offers nothing that is known counts as such. */
function isForAll(methods: readonly PaymentMethod[]): boolean {
  return methods.includes("eip3009") || methods.length === 0;
}

type Ask = (request: ApiRequest) => ReturnType<typeof sendOverWire>;

/** The paid request without something that it needs: as a document says, or as its refusal shows. */
async function findInvalid(
  paid: ApiRequest,
  operations: readonly Operation[],
  ask: Ask,
): Promise<Findings["invalid"]> {
  const operation = operations.find(({ request }) => isSameRoute(request, paid));
  if (operation?.incomplete !== undefined) {
    return { request: operation.incomplete, why: `${operation.missing} is required, and missing here` };
  }
  const bare = paid.target.split("?")[0] ?? paid.target;
  const guesses: ApiRequest[] = [
    ...(bare === paid.target ? [] : [{ ...paid, target: bare }]),
    ...(paid.body === undefined || paid.body === "{}" ? [] : [{ ...paid, body: "{}" }]),
  ];
  for (const request of guesses) {
    const answer = await ask(request);
    if (answer.kind === "answer" && [400, 422].includes(answer.status))
      return { request, why: `it was answered with ${answer.status}` };
  }
  return undefined;
}

async function findFree(
  asked: readonly { operation: Operation; answer: WireAnswer }[],
  { openApi, wellKnown }: Documents,
  ask: Ask,
): Promise<ApiRequest | undefined> {
  const documentPaths = [openApi?.path, wellKnown?.path];
  const known = asked.find(
    ({ operation: { request }, answer }) => isServed(answer) && !documentPaths.includes(request.target),
  );
  if (known !== undefined) return known.operation.request;
  for (const target of [...freePaths, ...documentPaths.filter((path) => path !== undefined)]) {
    const request = { method: "GET", target };
    if (isServed(await ask(request))) return request;
  }
  return undefined;
}

function isServed(answer: Awaited<ReturnType<typeof sendOverWire>>): boolean {
  return answer.kind === "answer" && answer.status === 200;
}

function paidRequest(request: ApiRequest, answer: WireAnswer): PaidRequest | undefined {
  for (const protocol of protocolIds) {
    const dialect = dialects[protocol];
    const reading = dialect.readChallenge(answer);
    if (!dialect.isOffered(answer) || reading.stage !== "object") continue;
    const entries = acceptsEntries(reading.challenge);
    const [entry] = entries;
    return {
      request,
      protocol,
      amount: textIn(entry, dialect.priceField),
      network: textIn(entry, "network"),
      needsIdentifier: isIdentifierRequired(reading.challenge),
      advice: diagnose(answer, protocol === "x402@1" ? 1 : 2),
      methods: methodsIn(entries),
    };
  }
  return undefined;
}

function isIdentifierRequired(challenge: JsonObject): boolean {
  const extension = field(field(challenge, "extensions"), "payment-identifier");
  return field(field(extension, "info"), "required") === true;
}

function textIn(entry: JsonObject | undefined, name: string): string | undefined {
  const value = field(entry, name);
  return typeof value === "string" ? value : undefined;
}

/** `/weather?city=Berlin` is the route `/weather` of a document. */
function isSameRoute(one: ApiRequest, other: ApiRequest): boolean {
  return one.method === other.method && pathOf(one) === pathOf(other);
}

function pathOf({ target }: ApiRequest): string {
  return target.split("?")[0] ?? target;
}
