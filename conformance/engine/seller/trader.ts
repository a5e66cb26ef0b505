import { setTimeout as delay } from "node:timers/promises";
import type { FaultName, FaultParameters, JournalEntry } from "#sandbox";
import type { Dialect } from "../dialect.ts";
import { Exchange } from "../exchange.ts";
import { NotApplicable, Unproven } from "../finding.ts";
import type { RunContext } from "./context.ts";
import type { Check, Observed } from "./observed.ts";
import { OnChainBuyer } from "./on-chain-buyer.ts";
import type { Payment } from "./payment.ts";
import { remedies } from "./request.ts";

/** Longest that something may take that happens soon or not at all, in milliseconds. */
const patience = 5_000;

/** How long a settlement is held open for something that has to meet in it, in milliseconds. */
const longEnough = 1_000;

/** `t` in every case: an {@link OnChainBuyer} that also has the facilitator in hand, and what is broken around it. */
export class Trader extends OnChainBuyer {
  /** Opens a buyer whose payer is derived from the run's seed and `label`. */
  static async open(context: RunContext, label: string, dialect: Dialect): Promise<Trader> {
    return new Trader(context, dialect, label, await context.ledger.now());
  }

  /** Another buyer, with a payer of its own. */
  another(): Promise<Trader> {
    return Trader.open(this.context, `${this.label}, another buyer`, this.dialect);
  }

  /** Makes the facilitator misbehave towards this case's payer, `times` times; gives the fault's id. */
  facilitatorWill(name: FaultName, times = 1, terms: FaultParameters = {}): Promise<number> {
    this.conversation.excuse(times);
    return this.#addFault(name, { ...terms, times });
  }

  #addFault(name: FaultName, terms: FaultParameters & { readonly times?: number }): Promise<number> {
    this.conversation.meets(name);
    return this.context.admin.addFault({ ...terms, name, payer: this.payer.address });
  }

  /**
   * Sends an exchange while the facilitator misbehaves, as often as it is asked or `times` times, and lets it recover.
   * A fault that was never reached judges nobody: not every seller asks the facilitator everything, e.g. one that
   * settles before it serves need not verify.
   */
  async underFault(
    name: FaultName,
    exchange: Exchange<Observed>,
    terms: FaultParameters & { readonly times?: number } = {},
  ): Promise<Observed> {
    this.conversation.excuse(1);
    const [id, before] = await Promise.all([this.#addFault(name, terms), this.facilitatorSaw()]);
    const wasReached = this.#wasReached(id, name, "The seller", before.length);
    try {
      return await exchange.given(wasReached).done();
    } finally {
      const reached = await this.context.admin.faultReached(id);
      await this.context.admin.removeFault(id);
      await this.#untilBitten(name, before, reached);
    }
  }

  /**
   * Waits for the answers to the calls that a fault has bitten. A seller need not: what one of them settles after it
   * gave up would look like a charge that comes when all is over.
   */
  async #untilBitten(name: FaultName, before: readonly JournalEntry[], reached: number): Promise<void> {
    const bittenIn = (calls: readonly JournalEntry[]) => calls.filter(({ fault }) => fault === name).length;
    const all = bittenIn(before) + reached;
    await until(async () => bittenIn(await this.facilitatorSaw()) >= all);
  }

  /** @param before how many calls about this payer there were before, where its calls are what the fault bites */
  #wasReached(fault: number, name: FaultName, who: string, before?: number): Check {
    return async ({ answer, transfers }) => {
      if ((await this.context.admin.faultReached(fault)) > 0) return;
      const isAhead = answer.status < 300 && (await transfers()).length === 0;
      if (isAhead)
        throw new NotApplicable(
          `The seller delivered before the call was made that the fault ${name} bites; the cases named settled-before-delivery judge that.`,
        );
      const asksNothing = before !== undefined && (await this.facilitatorSaw()).length === before;
      const instead =
        asksNothing && answer.status >= 400
          ? `: it refused with ${answer.status} by itself, and asked the facilitator nothing, which is as good for a bad payment`
          : "";
      throw new NotApplicable(`${who} did not make the call that the fault ${name} bites${instead}.`);
    };
  }

  /**
   * Sends a payment, hangs up while the facilitator settles it, and waits for its transfer.
   *
   * @throws NotApplicable when the seller answers before it asks the facilitator, or nothing moves
   */
  async hangUpWhileSettling(payment: Payment): Promise<void> {
    const { admin, ledger } = this.context;
    const after = await ledger.now();
    const id = await this.facilitatorWill("settle-slow");
    const hangUp = new AbortController();
    const sent = this.abandon(payment, hangUp.signal);
    const asked = until(async () => hangUp.signal.aborted || (await admin.faultReached(id)) > 0);
    await Promise.race([sent, asked]);
    hangUp.abort();
    if (!("why" in (await sent)))
      throw new NotApplicable("The seller answers before the payment is settled.");
    const isCharged = async () => (await ledger.transfersFrom(this.payer.address, { after })).length > 0;
    if (!(await until(isCharged))) throw new NotApplicable("The seller charges nobody who hangs up.");
  }

  /**
   * Sends a payment, and something else while the facilitator settles it.
   *
   * @throws NotApplicable when the seller answers before it asks the facilitator to settle
   */
  whileSettling(payment: Payment, meanwhile: Exchange<Observed>): Exchange<Observed> {
    return new Exchange(async () => {
      const id = await this.facilitatorWill("settle-slow", 1, { delayMs: longEnough });
      let isAnswered = false;
      const settling = this.resend(payment)
        .done()
        .finally(() => {
          isAnswered = true;
        });
      const meeting = until(async () => isAnswered || (await this.context.admin.faultReached(id)) > 0).then(
        () => {
          if (isAnswered) throw new NotApplicable("The seller answers before the payment is settled.");
          return meanwhile.done();
        },
      );
      const [observed] = await Promise.all([settling, meeting]);
      return observed;
    });
  }

  /**
   * Makes requests that have to meet at the facilitator: it answers no call of a kind before each of them has made one or
   * is answered itself. From the first one on, it waits for the others no more than {@link longEnough}: a seller may have
   * one wait for another.
   *
   * @param count how many requests `sending` makes
   * @param places where they meet, in the order in which a seller comes by; settling, without any
   */
  meeting<O>(
    count: number,
    sending: Exchange<O>,
    places: readonly ("verify" | "settle")[] = ["settle"],
  ): Exchange<O> {
    return new Exchange(async () => {
      this.conversation.excuse(count);
      const faults = await Promise.all(
        places.map((place) => this.#addFault(`${place}-slow`, { delayMs: longEnough })),
      );
      const before = this.conversation.ended;
      let isOver = false;
      const sent = sending.done().finally(() => {
        isOver = true;
      });
      const letOneAnotherIn = async () => {
        for (const [place, fault] of faults.entries()) {
          const waiting = () => this.#waitingIn(faults.slice(place));
          const arrived = async () => this.conversation.ended - before + (await waiting());
          await until(async () => isOver || (await waiting()) > 0);
          await until(async () => isOver || (await arrived()) >= count, longEnough);
          await this.context.admin.removeFault(fault);
        }
      };
      const [observed] = await Promise.all([sent, letOneAnotherIn()]);
      return observed;
    });
  }

  /** How many calls some faults hold up. */
  async #waitingIn(faults: readonly number[]): Promise<number> {
    const reached = await Promise.all(faults.map((id) => this.context.admin.faultReached(id)));
    return reached.reduce((sum, calls) => sum + calls, 0);
  }

  /**
   * Sends an exchange while something is broken, and mends it. A fault that was never reached judges nobody.
   *
   * @param debits how often the fault may cost the payer without a delivery
   * @param forAll everybody feels it, and not this case's payer alone; only for cases that run alone
   */
  async whileBroken(
    name: FaultName,
    exchange: Exchange<Observed>,
    { debits = 0, forAll = false } = {},
  ): Promise<Observed> {
    await this.fund();
    this.conversation.excuse(debits);
    this.conversation.meets(name);
    const { admin } = this.context;
    const id = await admin.addFault({ name, ...(forAll ? {} : { payer: this.payer.address }) });
    try {
      return await exchange.given(this.#wasReached(id, name, "The seller's facilitator")).done();
    } finally {
      await admin.removeFault(id);
    }
  }

  /** What the seller asked the facilitator about this payer. */
  facilitatorSaw(): Promise<JournalEntry[]> {
    return this.context.admin.exchanges(this.payer.address);
  }

  /**
   * Asks for what is paid while the facilitator misbehaves towards everybody; only for cases that run alone.
   * `restarted`: the subject starts under the fault. `undefined` when it does not come up: it fails closed.
   */
  async askUnder(name: FaultName, { restarted = false } = {}): Promise<Observed | undefined> {
    this.conversation.meets(name);
    const id = await this.context.admin.addFault({ name });
    try {
      const asked = restarted ? await this.#askRestarted() : await this.ask().done();
      if ((await this.context.admin.faultReached(id)) > 0) return asked;
      throw new NotApplicable(
        `The seller did not make the call that the fault ${name} bites: it needs no answer to it for a challenge, which is no lack.`,
      );
    } finally {
      await this.context.admin.removeFault(id);
    }
  }

  async #askRestarted(): Promise<Observed | undefined> {
    try {
      await this.restart();
    } catch (error) {
      if (error instanceof Unproven) return undefined;
      throw error;
    }
    return this.ask().done();
  }

  /** Ends the subject and starts it again. */
  async restart(): Promise<void> {
    const { restartUrl } = this.context.subject;
    if (restartUrl === undefined) throw new NotApplicable(remedies.restart);
    const response = await fetch(restartUrl, { method: "POST" });
    if (response.status === 409) throw new NotApplicable(await response.text());
    if (!response.ok)
      throw new Unproven(`The subject did not come back after a restart: ${await response.text()}`);
  }
}

/** Waits until something holds; whether it did in the end. */
async function until(holds: () => Promise<boolean>, patienceMs = patience): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) return false;
    await delay(25);
  }
  return true;
}
