-- What the case filters can be set to within one process.
SELECT arraySort(groupUniqArray(200)(facility)) AS facilities,
       arraySort(groupUniqArray(200)(department)) AS departments
FROM v_cases
WHERE process = {process:String}
