import { type CatalogueColumn, type CatalogueSnapshot, type CatalogueTable, compileCatalogue } from "./catalogue";

/** Columns as `name type`, a generated one as `name type = expression`, an invisible one with a trailing `hidden`. */
function columns(text: string): readonly CatalogueColumn[] {
  return text
    .split(";")
    .map((one) => one.trim())
    .filter((one) => one !== "")
    .map((one) => {
      const [declared = "", generated] = one.split(" = ");
      const [name = "", type = "int", ...more] = declared.split(" ");
      return {
        name,
        dataType: type.replace(/\(.*/u, ""),
        columnType: type,
        nullable: true,
        hasDefault: false,
        generated: generated ?? null,
        invisible: more.includes("hidden"),
      };
    });
}

function table(schema: string, name: string, text: string, definition: string | null = null): CatalogueTable {
  return {
    schema,
    name,
    kind: definition === null ? "table" : "view",
    columns: columns(text),
    primaryKey: definition === null ? ["id"] : [],
    indexes: [],
    definition,
  };
}

/** A small shop: people with secrets, orders, views that rename and compute, a schema with a table of the same name. */
export const SHOP: CatalogueSnapshot = {
  flavour: "mariadb",
  serverVersion: "10.11.19-MariaDB",
  lowerCaseTableNames: 0,
  sqlMode: "",
  schemas: ["shop", "other", "information_schema"],
  tables: [
    table(
      "shop",
      "people",
      "id int; name varchar(80); mail varchar(120); secret char(11); born date; notes text; row_version int hidden",
    ),
    table(
      "shop",
      "orders",
      "id int; person_id int; placed date; status varchar(12); total decimal(10,2); city varchar(60)",
    ),
    table("shop", "items", "id int; order_id int; product_id int; quantity int; price decimal(10,2)"),
    table("shop", "products", "id int; sku varchar(20); name varchar(80); price decimal(10,2); attributes json"),
    table(
      "shop",
      "staff",
      "id int; name varchar(80); pay decimal(10,2); band varchar(10) = case when `pay` >= 100000 then 'high' else 'low' end; boss_id int; label varchar(20) = upper(`band`)",
    ),
    table("shop", "scratch", "id int; txt varchar(255); num decimal(20,4)"),
    table("other", "people", "id int; name varchar(80); secret varchar(20)"),
    table(
      "information_schema",
      "COLUMNS",
      "TABLE_SCHEMA varchar(64); TABLE_NAME varchar(64); COLUMN_NAME varchar(64); DATA_TYPE longtext",
    ),
    table(
      "shop",
      "v_names",
      "id int; name varchar(80)",
      "select `shop`.`people`.`id` AS `id`,`shop`.`people`.`name` AS `name` from `shop`.`people`",
    ),
    table(
      "shop",
      "v_ident",
      "id int; ident char(11)",
      "select `shop`.`people`.`id` AS `id`,`shop`.`people`.`secret` AS `ident` from `shop`.`people`",
    ),
    table(
      "shop",
      "v_tag",
      "id int; tag varchar(99)",
      "select `v_ident`.`id` AS `id`,concat(`v_ident`.`id`,_utf8mb4'/',`v_ident`.`ident`) AS `tag` from `shop`.`v_ident`",
    ),
    table(
      "shop",
      "v_filtered",
      "id int",
      "select `shop`.`people`.`id` AS `id` from `shop`.`people` where `shop`.`people`.`secret` like '1%'",
    ),
    table(
      "shop",
      "v_totals",
      "order_id int; total decimal(20,2)",
      "select `o`.`id` AS `order_id`,sum(`i`.`quantity` * `i`.`price`) AS `total` from ((`shop`.`orders` `o` join `shop`.`items` `i` on(`i`.`order_id` = `o`.`id`)) left join `shop`.`products` `p` on(`p`.`id` = `i`.`product_id`)) group by `o`.`id`",
    ),
    table("shop", "v_broken", "id int", "select from nowhere"),
  ],
  routines: [{ schema: "shop", name: "label_of", kind: "function", body: null, security: "definer" }],
  triggers: [{ schema: "shop", name: "people_au", table: "people", event: "update", timing: "after", body: null }],
};

export const SHOP_CATALOGUE = compileCatalogue(SHOP);
