// Decodes a trace: `node decode-trace.mjs BASE64`. Prints it as JSON, numbers as numbers.
import { Trace } from "@apollo/usage-reporting-protobuf";

const trace = Trace.decode(Buffer.from(process.argv[2], "base64"));
console.log(JSON.stringify(Trace.toObject(trace, { longs: Number, oneofs: true })));
