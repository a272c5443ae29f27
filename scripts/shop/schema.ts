/** The demo upstream's structure, in the order to create it. Plain SQL that MariaDB 10.11+ and MySQL 8+ both take. */
export const SHOP_TABLES: Readonly<Record<string, string>> = {
  customers: `CREATE TABLE customers (
  id INT UNSIGNED NOT NULL PRIMARY KEY AUTO_INCREMENT,
  name VARCHAR(120) NOT NULL,
  email VARCHAR(190) NOT NULL,
  phone VARCHAR(32) NULL,
  ssn CHAR(11) NOT NULL COMMENT 'social security number',
  card_number VARCHAR(19) NULL,
  birth_date DATE NOT NULL,
  address VARCHAR(190) NOT NULL,
  city VARCHAR(80) NOT NULL,
  postal_code VARCHAR(12) NOT NULL,
  segment ENUM('new','regular','business','vip') NOT NULL DEFAULT 'new',
  notes TEXT NULL,
  created_at DATETIME NOT NULL,
  UNIQUE KEY customers_email (email),
  UNIQUE KEY customers_ssn (ssn),
  KEY customers_name (name),
  KEY customers_city (city, segment)
) ENGINE=InnoDB`,
  employees: `CREATE TABLE employees (
  id INT UNSIGNED NOT NULL PRIMARY KEY AUTO_INCREMENT,
  name VARCHAR(120) NOT NULL,
  email VARCHAR(190) NOT NULL,
  department VARCHAR(40) NOT NULL,
  title VARCHAR(80) NOT NULL,
  salary DECIMAL(10,2) NOT NULL,
  hired_on DATE NOT NULL,
  manager_id INT UNSIGNED NULL,
  UNIQUE KEY employees_email (email),
  KEY employees_department (department),
  CONSTRAINT employees_manager FOREIGN KEY (manager_id) REFERENCES employees (id)
) ENGINE=InnoDB`,
  products: `CREATE TABLE products (
  id INT UNSIGNED NOT NULL PRIMARY KEY AUTO_INCREMENT,
  sku CHAR(9) NOT NULL,
  name VARCHAR(120) NOT NULL,
  category VARCHAR(40) NOT NULL,
  price DECIMAL(8,2) NOT NULL,
  cost DECIMAL(8,2) NOT NULL,
  stock INT NOT NULL DEFAULT 0,
  active TINYINT(1) NOT NULL DEFAULT 1,
  UNIQUE KEY products_sku (sku),
  KEY products_category (category, price)
) ENGINE=InnoDB`,
  orders: `CREATE TABLE orders (
  id INT UNSIGNED NOT NULL PRIMARY KEY AUTO_INCREMENT,
  customer_id INT UNSIGNED NOT NULL,
  employee_id INT UNSIGNED NULL COMMENT 'who took the order, if it came by phone',
  status ENUM('open','paid','shipped','delivered','cancelled','refunded') NOT NULL DEFAULT 'open',
  total DECIMAL(10,2) NOT NULL,
  placed_at DATETIME NOT NULL,
  shipped_at DATETIME NULL,
  KEY orders_customer (customer_id, placed_at),
  KEY orders_status (status, placed_at),
  CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id),
  CONSTRAINT orders_employee FOREIGN KEY (employee_id) REFERENCES employees (id)
) ENGINE=InnoDB`,
  order_items: `CREATE TABLE order_items (
  order_id INT UNSIGNED NOT NULL,
  line SMALLINT UNSIGNED NOT NULL,
  product_id INT UNSIGNED NOT NULL,
  quantity SMALLINT UNSIGNED NOT NULL,
  unit_price DECIMAL(8,2) NOT NULL,
  PRIMARY KEY (order_id, line),
  KEY order_items_product (product_id),
  CONSTRAINT order_items_order FOREIGN KEY (order_id) REFERENCES orders (id),
  CONSTRAINT order_items_product FOREIGN KEY (product_id) REFERENCES products (id)
) ENGINE=InnoDB`,
  payments: `CREATE TABLE payments (
  id INT UNSIGNED NOT NULL PRIMARY KEY AUTO_INCREMENT,
  order_id INT UNSIGNED NOT NULL,
  method ENUM('card','transfer','voucher') NOT NULL,
  card_last4 CHAR(4) NULL,
  amount DECIMAL(10,2) NOT NULL,
  status ENUM('authorised','captured','failed','refunded') NOT NULL,
  paid_at DATETIME NOT NULL,
  KEY payments_order (order_id),
  KEY payments_paid_at (paid_at),
  CONSTRAINT payments_order FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE=InnoDB`,
};

/** Views over the tables. The last one marks a complete shop. */
export const SHOP_VIEWS: Readonly<Record<string, string>> = {
  customer_directory:
    "CREATE SQL SECURITY INVOKER VIEW customer_directory AS SELECT id, name, email, city, segment FROM customers",
  order_summary: `CREATE SQL SECURITY INVOKER VIEW order_summary AS
SELECT o.id, o.status, o.placed_at, o.total, c.name AS customer, c.city, COUNT(i.line) AS items
FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_items i ON i.order_id = o.id
GROUP BY o.id, o.status, o.placed_at, o.total, c.name, c.city`,
  monthly_revenue: `CREATE SQL SECURITY INVOKER VIEW monthly_revenue AS
SELECT DATE_FORMAT(placed_at, '%Y-%m') AS month, COUNT(*) AS orders, SUM(total) AS revenue
FROM orders WHERE status NOT IN ('cancelled', 'refunded') GROUP BY DATE_FORMAT(placed_at, '%Y-%m')`,
};
