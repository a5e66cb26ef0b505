import { payerKey, type SandboxDescription } from "#sandbox";
import { labelAlone } from "./engine/index.ts";
import type { Secrets } from "./report/index.ts";

/** Names of environment variables whose values are nobody's business. */
const secretName = /secret|token|passw|private_?key|api_?key|credential/i;

/** Shorter values of such variables are switches and numbers. */
const shortestValue = 12;

/** No case sends a client on more errands than this. */
const mostErrands = 9;

/**
 * What a run knows and no report may tell: the keys of the sandbox and of its payers, values that the configuration
 * calls secret, and whatever in this process's environment, which the subject inherits, is named like a secret.
 */
export function secretsOf(
  { accounts }: SandboxDescription,
  seed: string,
  caseIds: readonly string[],
  values: readonly string[] = [],
): Secrets {
  const labels = [...caseIds, ...caseIds.map(labelAlone), ...otherLabels];
  return {
    keys: [
      ...Object.values(accounts).map(({ privateKey }) => privateKey),
      ...labels.flatMap(errandsOf).map((label) => payerKey(seed, label)),
    ],
    values: [...values, ...secretsIn(process.env)],
  };
}

/** Payers that belong to no case. */
const otherLabels = ["first sale in", "honest sale in", "first settlement"].flatMap((lead) =>
  ["x402@2", "x402@1"].map((protocol) => `${lead} ${protocol}`),
);

/** A payer for each errand. Cases of other suites have none: deriving a key takes its time. */
function errandsOf(label: string): string[] {
  if (!/^(client\.|honest sale in )/.test(label)) return [label];
  const further = Array.from({ length: mostErrands - 1 }, (_, index) => `${label} #${index + 2}`);
  return [label, ...further];
}

function secretsIn(environment: NodeJS.ProcessEnv): string[] {
  return Object.entries(environment).flatMap(([name, value = ""]) =>
    secretName.test(name) && value.length >= shortestValue ? [value] : [],
  );
}
