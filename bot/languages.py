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

What holds here
de Was hier gilt
es Lo que rige aquí
fr Ce qui vaut ici
pt O que vale aqui
ru Что здесь действует

What one may use, or everyone
de Was einer nutzen darf, oder alle
es Lo que puede usar una persona, o cada una
fr Ce qu'une personne peut utiliser, ou chacune
pt O que uma pessoa pode usar, ou cada uma
ru Сколько может тратить один участник или каждый

What a tier may use, and who is in it
de Was eine Stufe nutzen darf, und wer dazugehört
es Lo que puede usar un nivel y quién está en él
fr Ce qu'un niveau peut utiliser, et qui en fait partie
pt O que um nível pode usar, e quem faz parte dele
ru Сколько может тратить уровень и кто в нём

What all may use together
de Was alle zusammen nutzen dürfen
es Lo que pueden usar todos juntos
fr Ce que tous peuvent utiliser ensemble
pt O que todos podem usar juntos
ru Сколько могут тратить все вместе

Who may order
de Wer bestellen darf
es Quién puede pedir
fr Qui peut commander
pt Quem pode pedir
ru Кто может заказывать

Who asks to be let in
de Wer um Zugang bittet
es Quién pide acceso
fr Qui demande l'accès
pt Quem pede acesso
ru Кто просит доступ

Let somebody in, or a topic or channel
de Lässt jemanden zu, oder ein Thema oder einen Kanal
es Admite a alguien, o un tema o canal
fr Admet quelqu'un, ou un sujet ou un salon
pt Admite alguém, ou um tópico ou canal
ru Допускает участника, тему или канал

Shut somebody out, or a topic or channel
de Schließt jemanden aus, oder ein Thema oder einen Kanal
es Excluye a alguien, o un tema o canal
fr Exclut quelqu'un, ou un sujet ou un salon
pt Exclui alguém, ou um tópico ou canal
ru Закрывает доступ участнику, теме или каналу

Keep somebody from ordering
de Verbietet jemandem zu bestellen
es Impide que alguien pida
fr Empêche quelqu'un de commander
pt Impede alguém de pedir
ru Запрещает кому-то заказывать

Let somebody order again
de Lässt jemanden wieder bestellen
es Permite que alguien vuelva a pedir
fr Permet à quelqu'un de commander de nouveau
pt Permite que alguém volte a pedir
ru Снова разрешает кому-то заказывать

Give something beyond the allowances
de Schenkt etwas über die Limits hinaus
es Da algo más allá de los límites
fr Accorde quelque chose au-delà des limites
pt Dá algo além dos limites
ru Даёт что-то сверх лимитов

Take no new orders
de Nimmt keine neuen Aufträge an
es No acepta pedidos nuevos
fr N'accepte plus de commandes
pt Não aceita novos pedidos
ru Не принимать новых заказов

Take orders again
de Nimmt wieder Aufträge an
es Vuelve a aceptar pedidos
fr Accepte de nouveau les commandes
pt Volta a aceitar pedidos
ru Снова принимать заказы

What is under way
de Was gerade läuft
es Lo que está en curso
fr Ce qui est en cours
pt O que está em andamento
ru Что сейчас выполняется

Cancel a job of anybody
de Bricht irgendjemandes Auftrag ab
es Cancela el pedido de cualquiera
fr Annule la commande de n'importe qui
pt Cancela o pedido de qualquer pessoa
ru Отменяет чей угодно заказ

Words that are not filmed
de Wörter, die nicht gefilmt werden
es Palabras que no se filman
fr Mots qui ne sont pas filmés
pt Palavras que não são filmadas
ru Слова, которые не снимаются

Take back what was forbidden
de Erlaubt wieder, was verboten war
es Retira una prohibición
fr Lève une interdiction
pt Retira uma proibição
ru Снимает запрет

Whether this chat is for adults
de Ob dieser Chat für Erwachsene ist
es Si este chat es para adultos
fr Si cette discussion est réservée aux adultes
pt Se este chat é para adultos
ru Предназначен ли этот чат для взрослых

A word, an open ending, or /a pattern/; after adults for what only they may see
de Ein Wort, ein offenes Ende* oder /ein Muster/; nach adults, was nur Erwachsene sehen dürfen
es Una palabra, un final abierto* o /un patrón/; tras adults, lo que solo ven los adultos
fr Un mot, une fin ouverte* ou /un motif/ ; après adults, ce que seuls les adultes voient
pt Uma palavra, um final aberto* ou /um padrão/; após adults, o que só adultos podem ver
ru Слово, начало слова* или /шаблон/; после adults то, что можно только взрослым

As it was forbidden
de So, wie es verboten wurde
es Tal como se prohibió
fr Tel qu'il a été interdit
pt Como foi proibido
ru Так, как было запрещено

on or off
de on oder off
es on u off
fr on ou off
pt Um destes: on, off
ru on или off

Who used how much
de Wer wie viel verbraucht hat
es Quién ha usado cuánto
fr Qui a utilisé combien
pt Quem usou quanto
ru Кто сколько потратил

Who decided what
de Wer was entschieden hat
es Quién decidió qué
fr Qui a décidé quoi
pt Quem decidiu o quê
ru Кто что решил

All of these with examples
de All das mit Beispielen
es Todo esto con ejemplos
fr Tout cela avec des exemples
pt Tudo isto com exemplos
ru Всё это с примерами

Such as: 5 videos a day, $3 a month, 2 running; unlimited; or none to take it back
de Etwa: 5 videos a day, $3 a month, 2 running; unlimited; oder none, um es zurückzunehmen
es Por ejemplo: 5 videos a day, $3 a month, 2 running; unlimited; o none para retirarlo
fr Par exemple : 5 videos a day, $3 a month, 2 running ; unlimited ; ou none pour l'annuler
pt Por exemplo: 5 videos a day, $3 a month, 2 running; unlimited; ou none para desfazer
ru Например: 5 videos a day, $3 a month, 2 running; unlimited; none отменяет лимит

The name of the tier, and what each of it may use
de Der Name der Stufe, und was jeder darin nutzen darf
es El nombre del nivel y lo que puede usar cada miembro
fr Le nom du niveau, et ce que chacun peut y utiliser
pt O nome do nível e o que cada membro pode usar
ru Название уровня и сколько может тратить каждый в нём

Such as: $5 a day, 100 videos a month; or none
de Etwa: $5 a day, 100 videos a month; oder none
es Por ejemplo: $5 a day, 100 videos a month; o none
fr Par exemple : $5 a day, 100 videos a month ; ou none
pt Por exemplo: $5 a day, 100 videos a month; ou none
ru Например: $5 a day, 100 videos a month; или none

open, listed or request
de open, listed oder request
es open, listed o request
fr open, listed ou request
pt Um destes: open, listed, request
ru open, listed или request

here for this topic or channel, chat for all of it
de here für dieses Thema oder diesen Kanal, chat für alles
es here para este tema o canal, chat para todo
fr here pour ce sujet ou salon, chat pour tout
pt here para este tópico ou canal, chat para tudo
ru here для этой темы или канала, chat для всего чата

For how long and why, such as: for 3 days because of spam
de Wie lange und warum, etwa: for 3 days because of spam
es Cuánto tiempo y por qué, por ejemplo: for 3 days because of spam
fr Combien de temps et pourquoi, par exemple : for 3 days because of spam
pt Por quanto tempo e por quê, por exemplo: for 3 days because of spam
ru На сколько и почему, например: for 3 days because of spam

Such as: 5 videos for 30 days because of the contest
de Etwa: 5 videos for 30 days because of the contest
es Por ejemplo: 5 videos for 30 days because of the contest
fr Par exemple : 5 videos for 30 days because of the contest
pt Exemplo: 5 videos for 30 days because of the contest
ru Например: 5 videos for 30 days because of the contest

Why, which members read
de Warum; das lesen die Mitglieder
es El motivo, que leerán los miembros
fr La raison, que liront les membres
pt O motivo, que os membros lerão
ru Причина, которую прочтут участники

The number that jobs shows
de Die Nummer, die jobs anzeigt
es El número que muestra jobs
fr Le numéro que montre jobs
pt O número que jobs mostra
ru Номер, который показывает jobs

Who is meant
de Wer gemeint ist
es De quién se trata
fr De qui il s'agit
pt De quem se trata
ru О ком речь

Everybody who has this role
de Alle, die diese Rolle haben
es Todos los que tienen este rol
fr Tous ceux qui ont ce rôle
pt Todos que têm este cargo
ru Все, у кого есть эта роль

For the whole bot; only its operators can
de Für den ganzen Bot; das können nur seine Betreiber
es Para todo el bot; solo pueden sus operadores
fr Pour tout le bot ; réservé à ses opérateurs
pt Para o bot inteiro; só os operadores podem
ru Для всего бота; могут только его операторы

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
