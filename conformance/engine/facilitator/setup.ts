import type { ProtocolId } from "../../requirements/index.ts";
import type { RunBasics } from "../run-basics.ts";

/** The facilitator under test, as a worker reaches it. Plain data: it crosses a thread boundary. */
export interface FacilitatorSetup {
  /** What a report calls it. */
  readonly name: string;
  /** Its base URL, without a slash at the end. */
  readonly url: string;
  /** Headers of every request, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** `POST` here restarts it; absent when the suite did not start it. */
  readonly restartUrl?: string;
  /** `GET` here tells how it has ended by itself so far; absent when the suite did not start it as a program. */
  readonly endingsUrl?: string;
}

/** All that a case of the facilitator suite needs to run. */
export interface FacilitatorRunSetup extends RunBasics {
  readonly role: "facilitator";
  /** The version that the facilitator must speak; without it, whichever it lists, and v2 where it lists none. */
  readonly protocol?: ProtocolId;
  readonly subject: FacilitatorSetup;
}
