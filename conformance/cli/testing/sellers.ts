/** Programs for --start that are sellers in name only. Each is one line of JavaScript for `node -e`. */

/** Tells `observer` its process id, and never listens. */
export function neverReady(observer: string): string {
  return nodeCommand(`console.log("warming up"); ${tell(observer)}; setInterval(() => {}, 1000);`);
}

/** Answers the first two requests with 402, tells `observer` of the next with its process id, and hangs. */
export function hangsLater(observer: string): string {
  return nodeCommand(`
    let requests = 0;
    require("http").createServer((request, response) => {
      requests += 1;
      if (requests < 3) response.writeHead(402).end();
      else if (requests === 3) ${tell(observer)};
    }).listen(process.env.PORT, "127.0.0.1");
    process.on("SIGTERM", () => {});`);
}

/** Asks for money three times, then prints why and ends with 9. */
export function diesLater(): string {
  return nodeCommand(`
    let requests = 0;
    require("http").createServer((request, response) => {
      requests += 1;
      if (requests > 3) { console.error("out of coffee"); process.exit(9); }
      response.writeHead(402).end();
    }).listen(process.env.PORT, "127.0.0.1");`);
}

/** Listens where it should, and speaks something else than HTTP. */
export function speaksNoHttp(words = "220 mail.example ESMTP\r\n"): string {
  return nodeCommand(`
    require("net").createServer((socket) => {
      socket.on("error", () => {});
      socket.end(${JSON.stringify(words)});
    }).listen(process.env.PORT, "127.0.0.1");`);
}

function tell(observer: string): string {
  return `fetch(${JSON.stringify(observer)} + "/" + process.pid)`;
}

function nodeCommand(source: string): string {
  const oneLine = source.replace(/\s*\n\s*/g, " ").trim();
  return `${process.execPath} -e '${oneLine}'`;
}
