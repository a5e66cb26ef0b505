import { moduleClient, type PayingFetchMaker } from "../../subjects/client/index.ts";
import { clientSuite } from "../../suites.ts";
import { describeSuite } from "./describe-suite.ts";
import { refuseUnknown, type SuiteOptions, suiteOptionNames } from "./suite-options.ts";

/** A client to judge, and how. */
export interface ClientSuiteOptions extends SuiteOptions {
  /** Makes a `fetch` that pays, for one payer; called anew for every errand. */
  readonly fetch: PayingFetchMaker;
  /** The most that it is set to pay for one request, in atomic units; it is tried then. */
  readonly limit?: bigint;
}

const optionNames = { ...suiteOptionNames, fetch: true, limit: true } satisfies Record<
  keyof ClientSuiteOptions,
  true
>;

/**
 * Judges a client in the test file at hand: every case is a test.
 *
 * @throws Problem `usage` when there is no such option
 *
 * @example
 * conformance.client({ fetch: ({ privateKey }) => payingFetch({ signer: privateKeyToAccount(privateKey) }) });
 */
export function clientTests({ fetch, limit, ...options }: ClientSuiteOptions): void {
  refuseUnknown(options, optionNames, "option");
  const judgedIn = options.protocol ?? options.set;
  describeSuite(clientSuite, options, async (_sandbox, basics) => ({
    setup: {
      ...basics,
      role: "client",
      subject: { kind: "here", name: "client of this test file", client: moduleClient(fetch) },
      ...(judgedIn === undefined ? {} : { protocol: judgedIn }),
      ...(limit === undefined ? {} : { limit }),
    },
    notices: [],
  }));
}
