import { Problem } from "#sandbox";
import type { Role } from "../requirements/index.ts";
import { clientFlagKeys } from "./client-command.ts";
import { facilitatorFlagKeys } from "./facilitator-command.ts";
import { subjectFlags } from "./seller-flags.ts";
import { flagName } from "./shared-flags.ts";

/** The flags that say what a subject is, by its role. */
const keysOf: Readonly<Record<Role, readonly string[]>> = {
  seller: subjectFlags,
  client: clientFlagKeys,
  facilitator: facilitatorFlagKeys,
};

/**
 * Makes sure that a command which takes the flags of every role was given none that it would ignore.
 *
 * @param does what the command does with subjects of `roles`, e.g. `doctor looks at`
 * @throws Problem `usage`
 */
export function refuseForeignFlags(roles: readonly Role[], flags: object, does: string): void {
  const own = new Set(roles.flatMap((role) => keysOf[role]));
  const all = Object.entries(keysOf);
  const given = new Set(Object.entries(flags).flatMap(([key, value]) => (value === undefined ? [] : [key])));
  const foreign = all.flatMap(([, keys]) => keys).find((key) => given.has(key) && !own.has(key));
  if (foreign === undefined) return;
  const owners = all.flatMap(([role, keys]) => (keys.includes(foreign) ? [role] : []));
  const about = `${flagName(foreign)} is about a ${owners.join(" or a ")}`;
  if (roles.length === 0) {
    throw new Problem(
      "usage",
      `${about}, but nothing says which.`,
      "Give --url, or a configuration that names it.",
    );
  }
  throw new Problem(
    "usage",
    `${about}, and ${does} a ${roles.join(" and a ")}.`,
    `Leave it out: a ${roles.join(" or a ")} is named by ${[...own].map(flagName).join(", ")}.`,
  );
}
