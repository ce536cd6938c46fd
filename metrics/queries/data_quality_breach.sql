-- One contract that a source breaks.
SELECT toString(source) AS source, toString(type) AS type, toString(code) AS code, member, toString(domain) AS domain, events, detail,
       toUnixTimestamp64Micro(first) AS first_us, toUnixTimestamp64Micro(last) AS last_us, last_event, simulated
FROM v_contract_breaches
WHERE source = {source:String} AND type = {type:String} AND code = {code:String} AND member = {member:String}
