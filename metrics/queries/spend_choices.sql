-- The suppliers and cost centres that documents tell.
SELECT arraySort(groupUniqArray(5000)(toString(supplier))) AS suppliers, arraySort(groupUniqArray(5000)(toString(cost_center))) AS cost_centers
FROM v_ledger
