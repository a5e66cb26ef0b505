import type { NamedAccount, SandboxDescription } from "#sandbox";
import { bodyText, type RequestText } from "./received.ts";

/** What a client is told to do once: fetch this, with that payer's key. */
export interface Errand {
  /** What the errand is for: a case, or the honest sale. */
  readonly label: string;
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  /** Method, headers and body come as one `Request`, and not beside the URL. */
  readonly asRequest?: true;
  /** The time zone in its environment (IANA), for clients that take one; without it, that of the machine. */
  readonly timeZone?: string;
  /** Ends when the client's caller does not want it any more; for clients that take requests. */
  readonly caller?: AbortSignal;
  readonly payer: NamedAccount;
  readonly sandbox: SandboxDescription;
  /** What has come of it so far, for whoever cannot tell otherwise when a client is done. */
  readonly traffic: () => Traffic;
}

/** The request that an errand tells a client to send, as it comes in if nothing about it is changed. */
export function toldBy({ url, method, headers, body = "" }: Errand): RequestText {
  const { pathname, search } = new URL(url);
  return {
    method,
    target: pathname + search,
    headers: Object.fromEntries(new Headers(headers)),
    body: bodyText(Buffer.from(body)),
  };
}

/** Requests that a client has made. */
export interface Traffic {
  readonly requests: number;
  /** Those that still wait for their answer. */
  readonly unanswered: number;
}

/** How an errand ended, as far as the client shows it. */
export type Outcome =
  | {
      /** The client is done with it, well or not. */
      readonly kind: "over";
      /** In a few words, for a report: `exit code 0`, `status 200`, `PaymentError: …`. */
      readonly summary: string;
      /** All that its caller got to see: output, or status, headers and body, or the error. */
      readonly said: string;
    }
  | {
      /** It was still at it when its time was over, and was ended. */
      readonly kind: "cut-off";
      readonly summary: string;
      readonly said: string;
    }
  | {
      /** Somebody came and went; what came of it, only they know. */
      readonly kind: "unseen";
      readonly summary: string;
    };

/** A client under test, as the cases send it on errands. */
export interface ClientUnderTest {
  /** Whether it can be told method, headers and body, and not just a URL. */
  readonly takesRequests: boolean;
  /** Whether it is a program that is started anew for each errand, with an environment of its own. */
  readonly takesEnvironment: boolean;
  /** Whether the payer of an errand is the one who pays; if not, the client brings its own. */
  readonly usesGivenPayer: boolean;
  /** Sends it on an errand. Resolves when it is done or, soon after, when the signal ends it. Never rejects. */
  run(errand: Errand, signal: AbortSignal): Promise<Outcome>;
  /** Lets go of whatever it holds. */
  close(): Promise<void>;
}
