import type { ProtocolId } from "../../requirements/index.ts";
import type { RunBasics } from "../run-basics.ts";
import type { ClientUnderTest } from "./errand.ts";

/** The client under test, as a worker reaches it. Plain data: it crosses a thread boundary. */
export type ClientSubjectSetup = {
  /** What a report calls it. */
  readonly name: string;
} & (
  | {
      /** A program, one process per errand; `POST` of an errand here runs it. */
      readonly kind: "command";
      readonly launcherUrl: string;
    }
  | {
      /** A module whose default export makes a fetch-like function. */
      readonly kind: "module";
      readonly file: string;
    }
  | {
      /** Nobody is started: the client comes by itself to the addresses that this index lists. */
      readonly kind: "pull";
      readonly indexUrl: string;
    }
  | {
      /** A client in the very thread in which the cases run: the one kind that crosses no boundary. */
      readonly kind: "here";
      readonly client: ClientUnderTest;
    }
);

/** All that a case of the client suite needs to run. */
export interface ClientRunSetup extends RunBasics {
  readonly role: "client";
  /** The version that the client must speak; without it, whichever it speaks, and at least one. */
  readonly protocol?: ProtocolId;
  readonly subject: ClientSubjectSetup;
  /** The most that the client is set to pay for one request, in atomic units. */
  readonly limit?: bigint;
  /** Longest that a shop is silent, in milliseconds; longer than most programs wait without it. */
  readonly silenceMs?: number;
}
