import picocolors from "picocolors";

const { NO_COLOR = "", FORCE_COLOR = "", TERM } = process.env;
const forced = FORCE_COLOR !== "" && FORCE_COLOR !== "0";
const onTerminal = process.stdout.isTTY === true && TERM !== "dumb";

/** Colours for what is printed: on a terminal only, unless `FORCE_COLOR` asks for them; none with `NO_COLOR`. */
export const colors = picocolors.createColors(NO_COLOR === "" && (forced || onTerminal));
