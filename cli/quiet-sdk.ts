// Node 20 is supported by this project until it ends; the SDK's notice would stand above every command's output.
// Imported for its effect, before a client is made.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= "true";
