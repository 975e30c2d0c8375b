import random

import pytest

from nnviz.data.readers import encodings
from nnviz.data.readers.read import read
from nnviz.errors import DataError
from nnviz.spec import FileData

WORDS = {
    "German": (
        "Tübingen Zürich Straße Höfner Schäfer Gießen Görlitz Krüger Böhm Jülich Fußball grün süß Eßlingen Rügen Mönch",
        "cp1252",
    ),
    "French": (
        "Sète Compiègne Alençon Chambéry Mâcon Thérèse Gérard Côte-d’Or forêt élève Agnès Nîmes Cédric Hôtel noël",
        "cp1252",
    ),
    "Spanish": ("Cáceres Almería Castellón Gijón España Ñíguez Ramírez Jiménez mañana niño Martín Lugo Peña azúcar", "cp1252"),
    "Nordic": ("Växjö Luleå Gävle Hønefoss Næstved Køge Drøbak Grünerløkka Sjöberg Bjørk Sørensen Ærø Håkon smörgås", "cp1252"),
    "Polish": (
        "Łomża Tarnów Białogard Żywiec Chełm Elbląg Szczęsny Górski Wójcik Pawłowska Świętochłowice żółty źrebię",
        "cp1250",
    ),
    "Czech": (
        "Kladno Přerov Chrudim Náchod Šumperk Žatec Němec Procházka Kučera Růžena Ondřej Veselý žlutý červený děti",
        "cp1250",
    ),
    "Turkish": (
        "Beşiktaş Kadıköy Üsküdar Gümüşhane Niğde Kırıkkale Balıkesir Çelik Yıldız Doğan Aydın kırmızı yeşil sarı",
        "cp1254",
    ),
    "Russian": (
        "Тула Рязань Калуга Псков Мурманск Сочи Лебедев Козлова Новикова Морозов жёлтый чёрный белый хорошо плохо",
        "cp1251",
    ),
    "Russian KOI8": ("Тула Рязань Калуга Псков Мурманск Сочи Лебедев Козлова Новикова Морозов жёлтый чёрный белый", "koi8_r"),
    "Russian ISO": ("Тула Рязань Калуга Псков Мурманск Сочи Лебедев Козлова Новикова Морозов жёлтый чёрный белый", "iso8859_5"),
    "Russian DOS": ("Тула Рязань Калуга Псков Мурманск Сочи Лебедев Козлова Новикова Морозов жёлтый чёрный белый", "cp866"),
    "Bulgarian": ("Велико Търново Шумен Добрич Хасково Ямбол Перник Николов Стоянова Петкова червен зелен жълт", "cp1251"),
    "Greek": ("Σπάρτη Κέρκυρα Ρόδος Τρίκαλα Καλαμάτα Σέρρες Νικολάου Αντωνίου Δημητρίου μπλε κίτρινο μαύρο άσπρο", "cp1253"),
    "Chinese": ("济南 合肥 昆明 福州 贵阳 太原 赵强 黄丽 周杰 吴敏 蓝色 黄色 男 女 苹果 香蕉 河北省 山东省", "gbk"),
    "Taiwanese": ("臺東 屏東 彰化 苗栗 南投 雲林 吳建宏 蔡依林 鄭麗華 許文雄 藍色 黃色 男 女 蘋果 香蕉", "big5"),
    "Japanese": ("長野 金沢 岡山 熊本 那覇 静岡 松本 小林 加藤 吉田 山田 ひらがな みどり きいろ テスト 青森県", "shift_jis"),
    "Japanese EUC": ("長野 金沢 岡山 熊本 那覇 静岡 松本 小林 加藤 吉田 山田 ひらがな みどり きいろ テスト バナナ", "euc_jp"),
    "Korean": ("제주 전주 포항 청주 춘천 여수 강민호 윤서준 임지우 한예진 오세훈 포도 딸기 초록 노랑 검정 회원", "euc_kr"),
}


def table(words: list[str], seed: int = 0) -> str:
    draw = random.Random(seed)
    rows = [f"{word},{draw.randint(1, 900)},{draw.random():.3f}" for word in words]
    return "\n".join(["name,count,share", *rows]) + "\n"


@pytest.mark.parametrize("language", WORDS)
def test_the_text_of_many_languages_comes_back(language: str) -> None:
    words, codec = WORDS[language]
    draw = random.Random(language)
    text = table([draw.choice(words.split()) for _ in range(30)])
    decoded = encodings.read(text.encode(codec))
    assert decoded.text == text
    assert decoded.sure in ("likely", "guess")
    assert encodings.read(text.encode()).sure == "certain"


@pytest.mark.parametrize(
    ("word", "codec"),
    [
        ("Müller", "cp1252"),
        ("café", "latin-1"),
        ("Ångström", "cp1252"),
        ("Łódź", "cp1250"),
        ("Москва", "cp1251"),
        ("Москва", "koi8_r"),
        ("Αθήνα", "cp1253"),
        ("上海", "gbk"),
        ("東京", "shift_jis"),
        ("서울", "euc_kr"),
        ("25 °C", "latin-1"),
        ("5 m²", "cp1252"),
        ("12 €", "cp1252"),
        ("l’été", "cp1252"),
    ],
)
def test_three_rows_are_enough(word: str, codec: str) -> None:
    text = table([word, "x", word])
    assert encodings.read(text.encode(codec)).text == text


def test_one_line_in_latin_1_is_read_by_itself_and_named() -> None:
    lines = [f"{0.1 * row:.1f},{row},{('grün', 'синий', 'rød')[row % 3]}" for row in range(60)]
    content = "\n".join(["a,b,c", *lines]).encode() + b"\n9.9,1,gr\xfcn\n"
    decoded = encodings.read(content)
    assert decoded.encoding == "utf-8"
    assert decoded.text.splitlines()[61] == "9.9,1,grün"
    assert "grün" in decoded.text.splitlines()[1]
    assert "line 62: '9.9,1,grün'" in decoded.notes[0]


@pytest.mark.parametrize(("codec", "word"), [("cp1251", "Тверь"), ("koi8_r", "Орёл"), ("gbk", "北京"), ("cp1250", "Łódź")])
def test_a_line_in_any_other_encoding_is_read_by_what_its_letters_say(codec: str, word: str) -> None:
    others = {"gbk": "上海 北京 广州", "cp1250": "Kraków Łódź Gdańsk"}.get(codec, "Москва Казань Омск").split()
    content = table(others * 5).encode() + f"{word},3,0.5\n".encode(codec)
    decoded = encodings.read(content)
    assert decoded.text.splitlines()[-1] == f"{word},3,0.5"
    assert "line 17" in decoded.notes[0]


def test_a_cut_letter_is_no_other_letter() -> None:
    content = table(["北京", "上海"] * 4).encode() + "广".encode()[:-1] + b",1,1\n"
    assert encodings.read(content).text.splitlines()[-1] == "\ufffd,1,1"


def test_a_line_in_utf_8_in_a_file_that_is_not_is_named() -> None:
    content = table(["Köln", "Düren", "Berlin"] * 4).encode("cp1252") + "Nürnberg,3,0.1\n".encode()
    decoded = encodings.read(content)
    assert decoded.text.splitlines()[-1] == "Nürnberg,3,0.1"
    assert decoded.text.splitlines()[1].startswith("Köln")
    assert "line 14" in decoded.notes[0]


def test_a_byte_that_the_encoding_has_not_is_named() -> None:
    content = table(["北京", "上海"] * 10).encode("gbk") + b"abc\xff,1,1\n"
    decoded = encodings.read(content)
    assert decoded.text.splitlines()[1].startswith("北京")
    assert "line 22" in decoded.notes[0]


def test_what_is_open_is_called_a_guess() -> None:
    # in Polish it would be another letter
    decoded = encodings.read(table(["Krêgi"]).encode("cp1252"))
    assert decoded.sure == "guess"
    assert "the encoding is a guess" in decoded.notes[0]


def test_the_expected_encoding_goes_first_where_it_can_be_right() -> None:
    # these letters are words in both
    content = table(["Krêgi", "Sêp"]).encode("cp1252")
    assert encodings.read(content, expected="cp1250").text == table(["Kręgi", "Sęp"])
    assert encodings.read(content, expected="cp1252").text == table(["Krêgi", "Sêp"])
    moscow = table(["Москва", "Казань"])
    as_utf8 = encodings.read(moscow.encode(), expected="cp1251")
    assert (as_utf8.text, as_utf8.is_fallback) == (moscow, True)
    as_koi8 = encodings.read(moscow.encode("koi8_r"), expected="utf-8")
    assert (as_koi8.text, as_koi8.is_fallback) == (moscow, True)


def test_the_report_says_how_sure_it_is_and_old_rules_choose_as_before() -> None:
    content = table(["синий", "grün", "rød"] * 20).encode() + b"gr\xfcn,1,0.5\n"
    new = read(content, name="a.csv", data=FileData(kind="file", path="a.csv"))
    assert (new.read["encoding_name"], new.read["encoding_sure"]) == ("UTF-8", "likely")
    assert "line 62" in new.notes[0]
    old = read(content, name="a.csv", data=FileData.model_validate({"kind": "file", "path": "a.csv", "read": {"rules": 1}}))
    assert old.read["encoding"] == "gb18030"
    assert "encoding_sure" not in old.read


def test_an_encoding_that_was_set_is_obeyed_and_refused_with_the_line() -> None:
    content = table(["grün", "rot"]).encode("cp1252")
    data = {"kind": "file", "path": "a.csv"}
    with pytest.raises(DataError, match=r"a\.csv, line 2: this is not utf-8: byte 0xfc"):
        read(content, name="a.csv", data=FileData.model_validate({**data, "read": {"encoding": "utf-8"}}))
    loaded = read(content, name="a.csv", data=FileData.model_validate({**data, "read": {"encoding": "cp1251"}}))
    assert loaded.frame["name"].tolist() == ["grьn", "rot"]


def test_json_in_two_encodings_is_read_likewise() -> None:
    records = [f'{{"a": {row}, "b": "{("grün", "rød")[row % 2]}"}}' for row in range(20)]
    content = ("[\n" + ",\n".join(records)).encode() + b',\n{"a": 1, "b": "gr\xfcn"}\n]'
    loaded = read(content, name="a.json", data=FileData(kind="file", path="a.json"))
    assert set(loaded.frame["b"]) == {"grün", "rød"}
    assert "line 22" in loaded.notes[0]


def test_one_endless_line_is_enough() -> None:
    text = "name\n" + '"' + "北京，上海, 广州。" * 3000 + '"\n'
    assert encodings.read(text.encode("gbk")).text == text


def test_many_lines_in_an_older_encoding() -> None:
    line = "x" * 30 + ",1.5,grün\n"
    assert encodings.read(line.encode("cp1252") * 100_000).text == line * 100_000
