export function compareWithGuide(journal) { console.log(JSON.stringify(journal,null,1)); }
