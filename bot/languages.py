"""What platforms show of commands and options before they are used, in the languages of their menus.

The names stay as they are: they are what people tell each other to type. Cards are in English.
"""

from collections.abc import Mapping
from types import MappingProxyType

_TABLE = """
Film what you describe
de Filmt, was du beschreibst
es Filma lo que describes
fr Filme ce que vous décrivez
pt Filma o que você descreve
ru Снимает то, что вы опишете

What you have used, and what is left
de Was du verbraucht hast, und was übrig ist
es Lo que has usado y lo que queda
fr Ce que vous avez utilisé, et ce qui reste
pt O que você usou e o que resta
ru Сколько вы использовали и сколько осталось

Your latest orders
de Deine letzten Aufträge
es Tus últimos pedidos
fr Vos dernières commandes
pt Seus últimos pedidos
ru Ваши последние заказы

Cancel your latest order
de Bricht deinen letzten Auftrag ab
es Cancela tu último pedido
fr Annule votre dernière commande
pt Cancela seu último pedido
ru Отменяет ваш последний заказ

Every option explained
de Alle Optionen erklärt
es Todas las opciones explicadas
fr Toutes les options expliquées
pt Todas as opções explicadas
ru Объяснение всех параметров

What is kept about you
de Was über dich gespeichert wird
es Qué se guarda sobre ti
fr Ce qui est conservé à votre sujet
pt O que é guardado sobre você
ru Что хранится о вас

Join your accounts on two platforms
de Verbindet deine Konten auf zwei Plattformen
es Une tus cuentas de dos plataformas
fr Réunit vos comptes sur deux plateformes
pt Junta suas contas em duas plataformas
ru Объединяет ваши учётные записи на двух платформах

For admins: limits, access, budget
de Für Admins: Limits, Zugang, Budget
es Para administradores: límites, acceso, presupuesto
fr Pour les admins : limites, accès, budget
pt Para administradores: limites, acesso, orçamento
ru Для администраторов: лимиты, доступ, бюджет

Part this account from the others
de Trennt dieses Konto von den anderen
es Separa esta cuenta de las otras
fr Sépare ce compte des autres
pt Separa esta conta das outras
ru Отделяет эту учётную запись от остальных

Erase what is kept about you
de Löscht, was über dich gespeichert ist
es Borra lo que se guarda sobre ti
fr Efface ce qui est conservé à votre sujet
pt Apaga o que é guardado sobre você
ru Удаляет всё, что хранится о вас

To have it done; leave it out to read what that means
de Damit es geschieht; ohne Angabe liest du, was das bedeutet
es Para que se haga; déjalo vacío para leer qué significa
fr Pour que ce soit fait ; laissez vide pour lire ce que cela signifie
pt Para que seja feito; deixe vazio para ler o que isso significa
ru Чтобы это сделать; без него вы прочитаете, что это значит

What to film; options such as --ar 9:16 may stand in it
de Was gefilmt werden soll; Optionen wie --ar 9:16 dürfen darin stehen
es Qué filmar; puede contener opciones como --ar 9:16
fr Ce qu'il faut filmer ; des options comme --ar 9:16 peuvent y figurer
pt O que filmar; pode conter opções como --ar 9:16
ru Что снять; можно вписать параметры, например --ar 9:16

What /link told you on the other platform; leave it out to be told one
de Was /link dir auf der anderen Plattform gesagt hat; ohne Angabe bekommst du einen Code
es Lo que /link te dijo en la otra plataforma; déjalo vacío para recibir un código
fr Ce que /link vous a dit sur l'autre plateforme ; laissez vide pour recevoir un code
pt O que /link disse na outra plataforma; deixe vazio para receber um código
ru Код, который /link показал на другой платформе; без него вы получите новый

Shape of the picture
de Format des Bildes
es Formato de la imagen
fr Format de l'image
pt Formato da imagem
ru Формат кадра

Resolution of the picture
de Auflösung des Bildes
es Resolución de la imagen
fr Résolution de l'image
pt Resolução da imagem
ru Разрешение кадра

Length in seconds
de Länge in Sekunden
es Duración en segundos
fr Durée en secondes
pt Duração em segundos
ru Длина в секундах

What should not be seen
de Was nicht zu sehen sein soll
es Lo que no debe verse
fr Ce qui ne doit pas se voir
pt O que não deve aparecer
ru Чего не должно быть видно

Look of the picture
de Stil des Bildes
es Estilo de la imagen
fr Style de l'image
pt Estilo da imagem
ru Стиль картинки

The same number gives the same clip again
de Dieselbe Zahl ergibt wieder denselben Clip
es El mismo número vuelve a dar el mismo clip
fr Le même nombre redonne le même clip
pt O mesmo número gera o mesmo clipe de novo
ru То же число снова даст тот же клип

With sound
de Mit Ton
es Con sonido
fr Avec le son
pt Com som
ru Со звуком

Several camera shots in one clip
de Mehrere Einstellungen in einem Clip
es Varias tomas en un clip
fr Plusieurs plans dans un clip
pt Várias tomadas em um clipe
ru Несколько планов в одном клипе

Whether the model may rewrite the prompt
de Ob das Modell den Prompt umschreiben darf
es Si el modelo puede reescribir el prompt
fr Si le modèle peut réécrire le prompt
pt Se o modelo pode reescrever o prompt
ru Может ли модель переписать запрос

Which model films
de Welches Modell filmt
es Qué modelo filma
fr Quel modèle filme
pt Qual modelo filma
ru Какая модель снимает

Who runs the model
de Wer das Modell betreibt
es Quién ejecuta el modelo
fr Qui fait tourner le modèle
pt Quem executa o modelo
ru У кого работает модель

Cover the clip until it is clicked
de Verdeckt den Clip, bis jemand darauf klickt
es Oculta el clip hasta que se haga clic
fr Masque le clip jusqu'au clic
pt Cobre o clipe até que se clique nele
ru Скрыть клип, пока на него не нажмут

Tell the price and film nothing
de Nennt den Preis und filmt nichts
es Dice el precio y no filma nada
fr Donne le prix et ne filme rien
pt Diz o preço e não filma nada
ru Назвать цену и ничего не снимать
"""

LANGUAGES = ("de", "es", "fr", "pt", "ru")


def _read(table: str) -> dict[str, dict[str, str]]:
    entries = (entry.split("\n") for entry in table.strip().split("\n\n"))
    return {english: {line[:2]: line[3:] for line in others} for english, *others in entries}


TRANSLATIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(_read(_TABLE))
"""By the English text, then by language."""


def in_language(text: str, language: str) -> str | None:
    """`None` where it stays English. `language` may name a country too: `pt-BR`."""
    return TRANSLATIONS.get(text, {}).get(language[:2])
