"""Tables as people export them; every value is invented. Each with the name of its file."""

ORDERS = (
    "po_export.csv",
    b"PO Number,Requisition No,Created On,Vendor,Total,Requester Email,Facility\r\n"
    b'4500000017,REQ-7,2026-01-02T09:15:00Z,V-100,"$1,200.00",a.lee@example.org,North\r\n'
    b"4500000018,REQ-8,2026-01-03T10:00:00Z,V-101,$80.10,b.kim@example.org,South\r\n"
    b"4500000019,,2026-01-05T11:30:00Z,V-100,-$12.00,a.lee@example.org,North\r\n"
    b"4500000020,REQ-9,,V-102,$5.00,,South\r\n",
)
INVOICES = (
    "Rechnungen März.csv",
    (
        "Invoice No;Supplier ID;PO Number;Invoice Date;Posting Date;Approved On;Paid On;Net Amount;Currency;Entered By;"
        "Comment\n"
        "INV-1001;S-4410;4500000017;03.02.2026;04.02.2026 10:00;05.02.2026;;1.234,50;EUR;w12;ok\n"
        "INV-1002;S-4410;;13.02.2026;14.02.2026 10:20;16.02.2026;28.02.2026;99,00;EUR;w13;Müller fragen\n"
        "INV-1003;S-4417;4500000018;17.02.2026;18.02.2026 08:05;19.02.2026;03.03.2026;12.040,00;EUR;w12;"
        "=cmd|' /C calc'!A0\n"
        "INV-1004;S-4417;4500000019;19.02.2026;20.02.2026 08:05;bald;;40,00;EUR;w12;\n"
        ";S-4417;4500000019;19.02.2026;20.02.2026 08:05;;;40,00;EUR;w12;\n"
    ).encode("cp1252"),
)
STEPS = (
    "requisitions.csv",
    b"Case ID,Activity,Complete Timestamp,Start Timestamp,Resource\r"
    b"R-1,Requisition created,2026/01/05 08:00:00.000,2026/01/05 07:50:00.000,u7\r"
    b"R-1,Requisition approved,2026/01/06 09:30:00.000,2026/01/06 09:00:00.000,u9\r"
    b"NA,Requisition created,2026/01/06 10:00:00.000,2026/01/06 09:50:00.000,u7\r"
    b"NA,Coffee,2026/01/06 10:05:00.000,,u7\r"
    b"NA,Requisition rejected,2026/01/07 11:00:00.000,,u9\r"
    b"R-2,Requisition created,soon,,u7\r"
    b"R-1,Requisition approved,2026/01/09 09:30:00.000,,u9\r",
)
WORKERS = (
    "hires.tsv",
    "\ufeffEmployee ID\tEmployee Name\tSSN\tHired On\tCost Center\tDepartment\n"
    "00417\tAda Example\t000-12-3456\t01/31/2026 09:00 AM\tCC-10\tIntensive care\n"
    "00418\tBo Sample\t000-65-4321\t02/01/2026 01:30 PM\tCC-11\tRadiology\n".encode(),
)
RECEIPTS = (
    "receipts.txt",
    b"GRN|PO Number|Posted At|Quantity|Note\n"
    b'GR-1|4500000017|1770000000000|5|"two\nlines"\n'
    b"GR-2|4500000018|1770003600000|7|\n"
    b"GR-2|4500000018|1770003600000|7|\n"
    b"GR-3|4500000018||7|\n",
)
WIDE_CHARACTERS = (
    "tickets.csv",
    (
        "\ufeffTicket Number;Status;Opened At;Status\nT-1;new;2026-03-29 02:30:00;x\nT-2;done;2026-03-30 08:00:00;y\n"
    ).encode("utf-16-le"),
)
HISTORY = (
    "history.csv",
    b"PO,Requisition,Status,Changed At,Event ID\n"
    b"P-1,R-1,created,2026-01-01,e1\nP-1,R-1,approved,2026-01-02,e2\nP-2,,created,2026-01-02,e3\n"
    b"P-2,,sent,2026-01-03,e4\nP-1,R-1,closed,2026-02-03,e5\n",
)
TABLES = (ORDERS, INVOICES, STEPS, WORKERS, RECEIPTS, WIDE_CHARACTERS, HISTORY)
