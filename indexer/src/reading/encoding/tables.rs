//! Frequencies of text: the commonest Han characters, and the pairs of Russian letters.
//!
//! Rough on purpose: between text and mojibake the difference is large. Counted in
//! the dictionary of jieba (MIT) and in laws, reports and encyclopedia articles.

/// The characters that make up nearly half of a text, and their traditional forms.
pub(super) const COMMONEST: &str = "\
    人一的是不有在了国中和大为以上行地民他会法这年个定第生来出我要时到当条用对十家政部作发成理事可学下业主自道工后于者应方说得关门本之公其子也经等分就市全机们过区三长产动能进或日规同院天二多务所代管制高员\
    你着合开面外实而建里体前都起由保表与重物國為會這個箇來齣時噹當條對傢發髮學業後於應說關門經機們過區長產動進規務製員著閤開麵實裡體錶與";

/// The characters that make up the next quarter to third of a text, and their traditional forms.
pub(super) const COMMON: &str = "\
    军内位安水种小文设心北力那现明然去还及通权新化资如相级好提四并从月名性利任处加两立平情期向将间使正无度各山只海没被最五南城委么西手口但治又此常原东场已意见府教头入品因看量元知点共次数金特些社议战省想展\
    报系她单责万程件证计路百书电身武决组交科受问施据请回活样解基构收取信义老职气直形依总江石术把接照反统世美技比改给先目湖华县审运司准领结放别记汉求变指导果式王称质声备清流达案办强查更调告队至很护再少布首\
    专商马己儿命六具太女律州执河农米张师持八话打标济题认诉风集按企族几便才织今根色境造传未走选空项监类非育京联该支转划七完土必格它白光做服听论兵斯约防确列号令举何营界林党广住车什价线神许供款真申黄带费干校\
    增除批台研花源游料参属况即际九器官息承需究古却边团采则复眼检难每德网史步让考争历财众死负阳投限近包装容害协例连算革型言章始皇失克英环李士影担域予效感密范较尔整拉軍內種設現還權資級並併從處兩嚮將間無隻沒\
    麼東場見頭點數議戰報係繫單責萬証證計書電決組問據請迴樣構義職氣總朮術統給華縣審運準領結別彆記漢變導稱質聲備達辦強調隊護佈專馬兒執農張師話標濟題認訴風幾纔織傳選項監類聯該轉劃聽論約確號舉營黨廣車價線許黃\
    帶費乾幹榦檯臺颱遊參屬況際卻邊團糰採則復複檢難網讓爭曆歷財眾負陽裝協連剋環擔範較爾";

/// The bits of a Russian letter, in hexadecimal. The column is the letter (а to я, ё counted as е), the row the letter
/// before it (no letter, then а to я).
pub(super) const RUSSIAN_PAIRS: [&[u8; 32]; 33] = [
    b"663646753b55643343555986bbbbb799",
    b"b7376555884453b74339964686bbb966",
    b"5babb3774b94942b34b6b6bbb444bb84",
    b"2b9bb2b73b6385276786babb6bb59bb7",
    b"3bbb76bb4ba5b81b3bb6bbbbabbbbbbb",
    b"2b79a2984b6584275594bb9aab979bb7",
    b"a665366695544288334bb88676bbbb98",
    b"38ab22bb2b8bb39bbab9bbbbbbbbbbbb",
    b"184845bb5b77443b6bb5bb97bb86bbb7",
    b"6758638534544457544a8555a7bbbb63",
    b"bbbb8bbbbb6a446ba06bbbb97abbbbbb",
    b"3b6bb5694ba5b91b5435bb4babbbbbbb",
    b"4bbbb26b2b87b44bbab5bbbbbbb72b54",
    b"39bbb2bb2b976527b8b3bbbbbbb57bb7",
    b"3baa74b92b6bb32bb6578b8bbbb39bb6",
    b"b4334665746444654349a8878abbbbb6",
    b"5bbbb3bb5ba5b9291ab5bbbbbbb9bbb8",
    b"2785a26b3bab66398564b9b97bb6bbb6",
    b"5a6b95bb5b446534651498b8abb88bb4",
    b"3b3b93bb3b6b953b44b6bba8bbb64bb9",
    b"65743657bb4654b4535bb88354bbbb4b",
    b"5bbbb1b24b89bb3b6a868bbbbbbbbbbb",
    b"4b8897bb6bb7941b2487bbbbbbbbbbbb",
    b"3bbbb3bb0bbbbb5bbbb6bbbbbbb8bbbb",
    b"2babb1bb2b85b4bb6b57bbbbabbb8bbb",
    b"4bbbb1bb3b75b28bab78bbbbbbbb9b9b",
    b"4bbbb1bb2bbbb5bbbbb8bbbbbbbb8bbb",
    b"bbbbb0bbbbbbbbbbbbbbbbbbbbbbbbb3",
    b"b75963b9b38626b6764bb2b76bbbbbb8",
    b"babaa5b44b6b71bbb36bbb8b7abbbb43",
    b"bb6b9abbba2366b7381b6bbbbbbbbbbb",
    b"b5ba5b97bb87babb492bbba2b1bbbbbb",
    b"ba394373b6b845bb883bb469b3bbbb4a",
];
