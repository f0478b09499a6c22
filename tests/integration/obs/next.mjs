// Waiting for what a server tells.

/** The first event of this type from here on, or the first that `wanted` accepts. */
export function next(client, type, wanted = () => true) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${type} came`)), 10_000);
    const hear = (data) => {
      if (!wanted(data)) return;
      clearTimeout(timer);
      client.off(type, hear);
      resolve(data);
    };
    client.on(type, hear);
  });
}
