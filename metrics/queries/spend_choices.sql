-- The suppliers, cost centres and legal entities that documents tell.
SELECT arraySort(groupUniqArray(5000)(toString(supplier))) AS suppliers, arraySort(groupUniqArray(5000)(toString(cost_center))) AS cost_centers,
       arraySort(groupUniqArray(500)(toString(legal_entity))) AS legal_entities
FROM v_ledger
