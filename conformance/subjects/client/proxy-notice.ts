/** What programs that go by such variables send plain HTTP through. */
const proxyNames = ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/** Names of this machine's own address in NO_PROXY, or of everything. */
const exempt = /^(\*|127\.0\.0\.1|127\.0\.0\.0\/8|127\.)$/;

/** What to know where a program may look for the suite's shops behind a proxy, which does not reach them. */
export function proxyNotice(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const name = proxyNames.find((proxy) => (environment[proxy] ?? "") !== "");
  if (name === undefined) return [];
  const { NO_PROXY = "", no_proxy = NO_PROXY } = environment;
  if (no_proxy.split(/[\s,]+/).some((host) => exempt.test(host))) return [];
  return [
    `${name} is set, and NO_PROXY does not name 127.0.0.1: a program that goes by them looks for the suite's shops behind the proxy. Set NO_PROXY=127.0.0.1,localhost if it finds none.`,
  ];
}
