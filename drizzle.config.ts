import { defineConfig } from "drizzle-kit";

export default defineConfig({ dialect: "mysql", schema: "./lib/db/schema/index.ts", out: "./drizzle" });
