import type { ProtocolId } from "../../requirements/index.ts";
import type { RunBasics } from "../run-basics.ts";
import type { SellerRequests } from "./request.ts";

/** The seller under test, as a worker reaches it. Plain data: it crosses a thread boundary. */
export interface SubjectSetup {
  /** What a report calls it. */
  readonly name: string;
  /** `http://127.0.0.1:4021` */
  readonly origin: string;
  readonly requests: SellerRequests;
  /** Headers of every request, names in lower case, e.g. for a gateway that wants an API key, too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The seller says that its prices may change from one request to the next. */
  readonly dynamicPrices?: boolean;
  /** It sells tools over MCP, and `origin` is HTTP in front of it. */
  readonly overMcp?: boolean;
  /** `POST` here restarts the subject; absent when the suite did not start it. */
  readonly restartUrl?: string;
  /** `GET` here tells how it has ended by itself so far; absent when the suite did not start it as a program. */
  readonly endingsUrl?: string;
}

/** All that a case of the seller suite needs to run. */
export interface RunSetup extends RunBasics {
  readonly role: "seller";
  /** The version that the seller must speak; in any other it is judged where it offers that, too. */
  readonly protocol: ProtocolId;
  readonly subject: SubjectSetup;
  /** How many paid requests a rush has; as many as the case of it says, unless told. */
  readonly rush?: number;
}
