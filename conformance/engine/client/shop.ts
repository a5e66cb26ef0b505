import { type Address, getAddress, isAddressEqual, keccak256, maxUint256, slice, stringToHex } from "viem";
import { type NamedAccount, payerKey, type Transfer } from "#sandbox";
import { type PermitScheme, permit2Address } from "../../oracles/permit2.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Actor } from "../case.ts";
import type { ErrandRecord, Evidence, ExchangeRecord, PayerAccount } from "../evidence.ts";
import { NotApplicable } from "../finding.ts";
import { transferRecords } from "../transcript.ts";
import { remedies } from "./case.ts";
import type { Conduct } from "./conduct.ts";
import type { ClientContext } from "./context.ts";
import { type Outcome, toldBy } from "./errand.ts";
import { type Observed, Visit } from "./observed.ts";
import { chargeOf } from "./permits.ts";
import { boundsOf, type SeenPayment } from "./received.ts";
import { Storefront } from "./storefront.ts";
import { Till } from "./till.ts";

/** What everything costs, in atomic units: a tenth of a cent, below the limits of any client. */
export const price = 1_000n;

/**
 * The shop of one case: sends the client on errands, each to a server and with a payer of its own, meets it as the
 * case says, and keeps everything that it received. `t` in every case.
 */
export class Shop implements Actor {
  readonly #context: ClientContext;
  readonly #label: string;
  readonly #protocol: ProtocolId;
  readonly #records: ExchangeRecord[] = [];
  readonly #ended: ErrandRecord[] = [];
  readonly #transfers: Transfer[] = [];
  readonly #tills: Till[] = [];
  #account: (() => Promise<PayerAccount>) | undefined;
  #errands = 0;
  #decision: string | undefined;

  constructor(context: ClientContext, label: string, protocol: ProtocolId) {
    this.#context = context;
    this.#label = label;
    this.#protocol = protocol;
  }

  /** Sends the client to a shop that is honest but for what `conduct` says. */
  sells(conduct: Conduct = {}): Visit {
    return new Visit(() => this.#send(conduct));
  }

  /** The run's honest sale, which every case shares; the one by Permit2 where a scheme is given. */
  sellsHonestly(byPermit2?: PermitScheme): Visit {
    return new Visit(() => this.#context.honestSale(this.#protocol, byPermit2));
  }

  /** Every payment of the run that came in so far, in the version of this shop, and the label of its errand. */
  get paymentsSoFar(): readonly { readonly label: string; readonly payment: SeenPayment }[] {
    return [...this.#context.storefronts].flatMap(({ label, requests }) =>
      requests.flatMap(({ payments }) =>
        payments.filter(({ protocol }) => protocol === this.#protocol).map((payment) => ({ label, payment })),
      ),
    );
  }

  /** The most that the client is set to pay for one request, in atomic units; the case names it in `needs`. */
  get limit(): bigint {
    const { limit } = this.#context;
    if (limit === undefined) throw new NotApplicable(remedies["has-limit"]);
    return limit;
  }

  /** An amount, or the most that the client is set to pay where that is less; atomic units. */
  affordable(amount: bigint): bigint {
    const { limit = amount } = this.#context;
    return limit < amount ? limit : amount;
  }

  get decision(): string | undefined {
    return this.#decision;
  }

  async evidence(): Promise<Evidence> {
    const account = await this.#account?.();
    return {
      exchanges: this.#records,
      errands: this.#ended,
      transfers: transferRecords(this.#transfers),
      ...(account === undefined ? {} : { account }),
    };
  }

  async #send(conduct: Conduct): Promise<Observed> {
    const { sandbox, client, tokenDomain, onChain, timeoutMs, payers, seed } = this.#context;
    const { silenceMs = longestSilence } = this.#context;
    this.#errands += 1;
    const label = this.#errands === 1 ? this.#label : `${this.#label} #${this.#errands}`;
    const purse = conduct.samePayer === undefined ? label : this.#label;
    const payer = { address: payers.of(purse).address, privateKey: payerKey(seed, purse) };
    const payTo = payeeOf(seed, label);
    const { network, asset, chainId } = sandbox;
    const code = codeOf(payTo);
    const fund = client.usesGivenPayer ? undefined : this.#fundStranger;
    const { byPermit2, withoutAllowance } = conduct;
    const isAllowed = byPermit2 !== undefined && withoutAllowance === undefined;
    const allow = client.usesGivenPayer || !isAllowed ? undefined : this.#allowForStranger;
    const till = new Till({ chainId, network, asset, onChain, fund, allow });
    const { facilitator } = onChain;
    if (purse === this.#label) this.#tills.push(till);
    const flood = new AbortController();
    const caller = new AbortController();
    const storefront = await Storefront.open({
      label,
      protocol: this.#protocol,
      goods: { network, asset, payTo, price, domain: tokenDomain, byPermit2, facilitator },
      content: contentOf(code),
      conduct,
      till,
      silenceMs,
      onFlood: () => flood.abort(),
      onRequest: () => conduct.callerGivesUp && caller.abort(),
    });
    this.#context.storefronts.add(storefront);
    if (client.usesGivenPayer) await payers.fund(purse);
    if (client.usesGivenPayer && isAllowed) await onChain.allow(payers.of(purse), permit2Address, maxUint256);
    if (client.usesGivenPayer && conduct.holdsWorthlessToken) await onChain.giveWorthlessToken(payer.address);
    // What is missing can be mended only by who can pay for the transaction.
    if (client.usesGivenPayer && withoutAllowance !== undefined) await onChain.giveGas(payer.address);
    const errand = {
      label,
      url: storefront.url,
      method: "GET",
      headers: {},
      ...conduct.errand,
      ...(conduct.timeZone === undefined ? {} : { timeZone: conduct.timeZone }),
      caller: caller.signal,
      payer,
      sandbox,
      traffic: () => storefront.traffic,
    };
    // The time in which the shop is silent is not the client's.
    const ownTime = timeoutMs + silencesIn(conduct) * silenceMs;
    const run = () => client.run(errand, AbortSignal.any([flood.signal, AbortSignal.timeout(ownTime)]));
    let outcome = await run();
    const first = storefront.requests.length;
    if (conduct.twice !== undefined && outcome.kind === "over") outcome = await run();
    // A client that was cut off may have had a payment on its way.
    if (outcome.kind !== "cut-off") storefront.errandIsOver();
    const [fault] = storefront.faults;
    if (fault !== undefined) throw fault;
    this.#records.push(...storefront.records);
    this.#ended.push(errandRecord(label, outcome));
    if (client.usesGivenPayer) {
      this.#account ??= async () => ({
        address: payer.address,
        since: String(this.#context.since),
        delivered: storefront.counter.deliveries,
        excused: 0,
        settled: await transfersOfAll(this.#tills),
      });
    }
    const transfers = await this.#transfersOf(payer, storefront, payTo);
    this.#transfers.push(...transfers);
    return {
      protocol: this.#protocol,
      told: client.takesRequests ? toldBy(errand) : undefined,
      requests: [...storefront.requests],
      errands: [storefront.requests.slice(0, first), storefront.requests.slice(first)],
      authority: storefront.authorityOf("shop"),
      secret: payer.privateKey,
      offered: [...storefront.counter.offered],
      challenges: [...storefront.counter.challenges],
      outcome,
      code,
      refusals: [...storefront.counter.refusals],
      deliveries: storefront.counter.deliveries,
      allowedSpenders: () => onChain.spendersAllowedBy(payer.address),
      transfers,
      price,
      cost: byPermit2 === undefined ? price : chargeOf(byPermit2, price),
      facilitator,
      payTo,
      payerIsGiven: client.usesGivenPayer,
      chainId,
      asset,
      tokenDomain,
      decided: (sentence) => {
        this.#decision = sentence;
      },
    };
  }

  /** Any key will do for a client that comes by itself, so that nobody has to look for money first. */
  readonly #fundStranger = (payer: Address) => this.#context.payers.fundStranger(payer);

  readonly #allowForStranger = (payer: Address) => this.#context.onChain.approveFor(payer, permit2Address);

  /**
   * As long as nobody signed, nothing can have moved. A payer of its own does nothing but this errand; one that the
   * client brought may do anything else, too.
   */
  async #transfersOf(
    payer: NamedAccount,
    storefront: Storefront,
    payTo: Address,
  ): Promise<readonly Transfer[]> {
    if (storefront.requests.every(({ payments }) => payments.length === 0)) return [];
    const { ledger, client, since } = this.#context;
    const address = payerOf(payer, storefront, client.usesGivenPayer);
    const all = await ledger.transfersFrom(address, { after: since });
    return client.usesGivenPayer ? all : all.filter(({ to }) => isAddressEqual(to, payTo));
  }
}

/** What was taken from one payer, in however many shops. */
async function transfersOfAll(tills: readonly Till[]): Promise<number> {
  const each = await Promise.all(tills.map((till) => till.transfers()));
  return each.reduce((sum, transfers) => sum + transfers, 0);
}

/** Who pays: the payer that was given, or whoever signed. */
function payerOf(given: NamedAccount, { requests }: Storefront, usesGivenPayer: boolean) {
  if (usesGivenPayer) return given.address;
  const [signed] = requests.flatMap(({ payments }) => payments.flatMap((payment) => boundsOf(payment) ?? []));
  return signed?.from ?? given.address;
}

/** Whom to pay on an errand: nobody else is ever paid there, and nobody holds the key. */
function payeeOf(seed: string, label: string): Address {
  return getAddress(slice(keccak256(stringToHex(`x402-assay payee\0${seed}\0${label}`)), 12));
}

/**
 * What is sold. It ends with a code that nobody can guess or confuse with that of another errand: where that is, the
 * whole arrived, however a program prints it.
 */
function contentOf(code: string): string {
  return JSON.stringify({ report: "The weather in Zürich", days: 3, code });
}

/** The code of an errand. */
function codeOf(payTo: Address): string {
  return payTo.slice(2).toLowerCase();
}

/** Longest that a shop says nothing, in milliseconds: more than the 5 or 10 s that many programs wait for an answer. */
const longestSilence = 11_000;

function silencesIn({ answers = [] }: Conduct): number {
  return answers.filter(({ kind }) => kind === "silence").length;
}

/** Most characters that are kept of what a client says. */
const longestSaying = 4_000;

function errandRecord(label: string, outcome: Outcome): ErrandRecord {
  const said = outcome.kind === "unseen" ? "" : outcome.said.slice(0, longestSaying);
  return { label, kind: outcome.kind, summary: outcome.summary, said };
}
